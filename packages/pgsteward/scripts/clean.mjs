// Removes what was built in the package that this is called in: what a removed source left behind is not published.

import { rmSync } from 'node:fs'

for (const path of ['dist', 'tsconfig.tsbuildinfo']) rmSync(path, { recursive: true, force: true })
