// A page that shows all pictures of a run beside one another: a row a page, a column a theme and width.

/** Names of files are PAGE-THEME-WIDTH.png, in the same folder. */
export function picturesPage(
  pages: readonly string[],
  themes: readonly string[],
  widths: readonly number[],
): string {
  const columns = themes.flatMap((theme) => widths.map((width) => ({ theme, width })))
  const cell = (page: string, { theme, width }: (typeof columns)[number]) => {
    const file = `${page}-${theme}-${width}.png`
    const name = `${page}, ${theme}, ${width} wide`
    return `<td><a href="${file}"><img src="${file}" alt="${name}" loading="lazy"></a></td>`
  }
  return [
    '<!doctype html>',
    '<html lang="en"><meta charset="utf-8"><title>Pages of the dashboard</title>',
    '<style>body{font:14px system-ui;margin:16px}td,th{vertical-align:top;padding:4px;text-align:left}',
    'img{width:15vw;max-height:420px;object-fit:cover;object-position:top;border:1px solid #999}</style>',
    '<h1>Pages of the dashboard</h1>',
    '<table>',
    `<tr><th scope="col">page</th>${columns.map(({ theme, width }) => `<th scope="col">${theme} ${width}</th>`).join('')}</tr>`,
    ...pages.map(
      (page) =>
        `<tr><th scope="row">${page}</th>${columns.map((column) => cell(page, column)).join('')}</tr>`,
    ),
    '</table></html>',
    '',
  ].join('\n')
}
