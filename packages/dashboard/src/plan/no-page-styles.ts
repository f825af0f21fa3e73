// Font Awesome, which PEV2 brings, would write its styles into the page, where the content security policy refuses them and the island
// could not see them. It reads this when it is loaded, so this is imported first.

;(window as { FontAwesomeConfig?: object }).FontAwesomeConfig = { autoAddCss: false }
