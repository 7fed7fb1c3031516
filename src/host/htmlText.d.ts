/** HTML files are bundled as text. */
declare module '*.html' {
  const text: string;
  export default text;
}

/** The page's styles are bundled as text, with all that they import. */
declare module '*/webview/styles.css' {
  const text: string;
  export default text;
}
