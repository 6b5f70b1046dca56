/** Templates are imported as text: `import words from './x.eta' with { type: 'text' }`. */
declare module '*.eta' {
  const text: string
  export default text
}
