const sheet = new CSSStyleSheet();
sheet.replaceSync(STYLE);
// On top of what the loader's says; once, however often an element begins anew.
const dress = ({ root }) => root.adoptedStyleSheets.includes(sheet) || root.adoptedStyleSheets.push(sheet);
