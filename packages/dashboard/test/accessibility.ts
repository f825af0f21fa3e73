// What keeps people from reading a page by ear, by keyboard or with weak eyes, as far as the page itself shows it: the rules of WCAG 2.2 AA
// that can be computed for pages without forms. No fault found is no proof; each fault found is one.

import type { Page } from 'playwright-core'

/** Each fault in words, with what it is about; runs in the page, so it stands alone. */
export function accessibilityFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const faults: string[] = []
    const all = <E extends Element = HTMLElement>(selector: string) => [
      ...document.querySelectorAll<E>(selector),
    ]
    const told = (element: Element) =>
      `<${element.tagName.toLowerCase()}> "${(element.textContent ?? '').trim().slice(0, 40)}"`
    const isShown = (element: Element) =>
      element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    const nameOf = (element: Element): string =>
      (element.getAttribute('aria-labelledby') ?? '')
        .split(/\s+/)
        .map((id) => document.getElementById(id)?.textContent ?? '')
        .join(' ')
        .trim() || (element.getAttribute('aria-label') ?? '').trim()

    // 3.1.1, 2.4.2, 1.4.4
    if (document.documentElement.lang === '') faults.push('the page names no language')
    if (document.title.trim() === '') faults.push('the page has no title')
    if (
      /user-scalable=no|maximum-scale=1\b/.test(
        document.querySelector('meta[name=viewport]')?.getAttribute('content') ?? '',
      )
    )
      faults.push('the page cannot be enlarged')

    // 1.3.1: headings, landmarks, lists, tables
    const levels = all('h1,h2,h3,h4,h5,h6').filter(isShown)
    if (levels.filter(({ tagName }) => tagName === 'H1').length !== 1) faults.push('there is not one h1')
    let before = 0
    for (const heading of levels) {
      const level = Number(heading.tagName[1])
      if (level > before + 1) faults.push(`a heading skips a level: ${told(heading)}`)
      if ((heading.textContent ?? '').trim() === '') faults.push(`an empty heading: ${told(heading)}`)
      before = level
    }
    if (all('main').length !== 1) faults.push('there is not one main part')
    const landmarks = all('nav,section,aside,[role=region]').filter((each) => nameOf(each) !== '')
    for (const [name, same] of Map.groupBy(landmarks, (each) => `${each.tagName} ${nameOf(each)}`))
      if (same.length > 1) faults.push(`${same.length} landmarks have one name: ${name}`)
    for (const child of [...document.body.children])
      if (!child.matches('header,main,footer,nav,aside,script,style') && isShown(child))
        faults.push(`outside of every landmark: ${told(child)}`)
    for (const item of all('ul>*,ol>*')) if (item.tagName !== 'LI') faults.push(`in a list: ${told(item)}`)
    for (const item of all('li'))
      if (!item.parentElement!.matches('ul,ol')) faults.push(`without a list: ${told(item)}`)
    for (const item of all('dl>*,dl>div>*'))
      if (!item.matches('dt,dd,div')) faults.push(`in a list of terms: ${told(item)}`)
    for (const table of all('table').filter(isShown)) {
      const heads = [...table.querySelectorAll('thead th')]
      if (heads.length === 0 || heads.some((head) => head.getAttribute('scope') !== 'col'))
        faults.push(`a table without heads of columns: ${told(table)}`)
      if (heads.some((head) => (head.textContent ?? '').trim() === ''))
        faults.push(`an empty head: ${told(table)}`)
      for (const row of table.querySelectorAll('tbody tr'))
        if (row.children.length !== heads.length)
          faults.push(`a row with other cells than heads: ${told(row)}`)
      const isBlock = getComputedStyle(table).display !== 'table'
      if (isBlock && table.getAttribute('role') !== 'table')
        faults.push(`laid out as blocks, it is no table any more: ${told(table)}`)
    }

    // 4.1.2, 1.1.1: names, and ids that they come by
    const ids = all<Element>('[id]').map(({ id }) => id)
    for (const id of new Set(ids))
      if (ids.filter((each) => each === id).length > 1) faults.push(`twice the id ${id}`)
    for (const element of all<Element>('[aria-labelledby]'))
      for (const id of element.getAttribute('aria-labelledby')!.split(/\s+/))
        if (document.getElementById(id) === null) faults.push(`named by ${id}, which is not there`)
    for (const picture of all<Element>('svg,img,[role=img]').filter(isShown)) {
      const isHidden = picture.getAttribute('aria-hidden') === 'true'
      if (!isHidden && (picture.getAttribute('role') !== 'img' || nameOf(picture) === ''))
        faults.push(`a picture without a name: ${told(picture)}`)
    }
    for (const link of all('a[href],button,summary').filter(isShown)) {
      if ((link.textContent ?? '').trim() === '' && nameOf(link) === '')
        faults.push(`a link without a name: ${link.outerHTML.slice(0, 60)}`)
      // options are chosen by the arrows, from the box that they belong to
      if (link.tabIndex < 0 && link.role !== 'option')
        faults.push(`out of the keyboard's reach: ${told(link)}`)
    }

    // 1.4.3: contrast of texts; 1.4.1: links within a text
    type Colour = readonly [red: number, green: number, blue: number, alpha: number]
    const colourOf = (text: string): Colour => {
      const [red = 0, green = 0, blue = 0, alpha = 1] = (text.match(/[\d.]+/g) ?? []).map(Number)
      return text === 'none' || text === 'transparent' ? [0, 0, 0, 0] : [red, green, blue, alpha]
    }
    const over = ([r, g, b, a]: Colour, under: Colour): Colour => [
      r * a + under[0] * (1 - a),
      g * a + under[1] * (1 - a),
      b * a + under[2] * (1 - a),
      1,
    ]
    const groundOf = (element: Element): Colour => {
      const own = colourOf(getComputedStyle(element).backgroundColor)
      if (own[3] === 1) return own
      const under: Colour =
        element.parentElement === null ? [255, 255, 255, 1] : groundOf(element.parentElement)
      return over(own, under)
    }
    const luminance = ([r, g, b]: Colour) => {
      const [red, green, blue] = [r, g, b].map((value) => {
        const share = value / 255
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      }) as [number, number, number]
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
    const contrast = (one: Colour, other: Colour) => {
      const [light, dark] = [luminance(one), luminance(other)].toSorted((a, b) => b - a) as [number, number]
      return (light + 0.05) / (dark + 0.05)
    }
    const inkOf = (element: Element) => {
      const style = getComputedStyle(element)
      return colourOf(element instanceof SVGElement ? style.fill : style.color)
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const faint = new Set<string>()
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement!
      if ((node.textContent ?? '').trim() === '' || !isShown(element)) continue
      if (element.matches('title,desc,script,style')) continue
      const { fontSize, fontWeight } = getComputedStyle(element)
      const size = Number.parseFloat(fontSize)
      const least = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700) ? 3 : 4.5
      const ground = groundOf(element)
      const found = contrast(over(inkOf(element), ground), ground)
      if (found < least) faint.add(`contrast ${found.toFixed(2)}: ${told(element)}`)
    }
    faults.push(...faint)
    for (const link of all<HTMLElement>('p a[href]').filter(isShown)) {
      const around = link.parentElement!
      const isAlone = (around.textContent ?? '').trim() === (link.textContent ?? '').trim()
      if (isAlone || getComputedStyle(link).textDecorationLine.includes('underline')) continue
      if (contrast(inkOf(link), inkOf(around)) < 3)
        faults.push(`a link told by its colour alone: ${told(link)}`)
    }
    return faults
  })
}

/** What stands out of the page, or is not drawn: nothing, on a page that is printed whole. */
export function cutElements(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth
    const told = (element: Element) =>
      `<${element.tagName.toLowerCase()}> "${(element.textContent ?? '').trim().slice(0, 40)}"`
    const out = [...document.querySelectorAll('body *')].filter((element) => {
      const { left, right, height } = element.getBoundingClientRect()
      return element.checkVisibility() && height > 0 && (left < -1 || right > width + 1)
    })
    const clipped = [...document.querySelectorAll('body *')].filter((element) => {
      const { overflowX } = getComputedStyle(element)
      // what is a pixel wide is there for who listens
      return (
        overflowX !== 'visible' && element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1
      )
    })
    const unseen = [...document.querySelectorAll('figure')].filter(
      (figure) =>
        figure.querySelector('svg') !== null &&
        ![...figure.querySelectorAll('svg')].some((svg) => svg.getBoundingClientRect().height > 50),
    )
    return [
      ...out.map((element) => `sticks out: ${told(element)}`),
      ...clipped.map((element) => `is clipped: ${told(element)}`),
      ...unseen.map((element) => `is not drawn: ${told(element)}`),
    ]
  })
}
