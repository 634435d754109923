/** Collects every text that a person reads, with its place: strings in the source, and prose in the docs. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import ts from 'typescript'

export interface Text {
  /** Path from the project's root. */
  file: string
  line: number
  text: string
}

/** Attributes and calls whose strings are code. */
const CODE_ATTRIBUTES = new Set(['className', 'd', 'href', 'id', 'key', 'name', 'role', 'type', 'value', 'viewBox'])
const CODE_CALLS = new Set(['cx', 'import', 'query', 'require'])

export function readTexts(root: string, folders: readonly string[]): Text[] {
  return folders.flatMap((folder) =>
    filesIn(join(root, folder))
      .filter(
        (path) => /\.tsx?$/.test(path) && !/\.(test|testing|d)\.tsx?$/.test(path) && !path.includes('/generated/'),
      )
      .flatMap((path) => sourceTexts(relative(root, path), readFileSync(path, 'utf8'))),
  )
}

export function readProse(root: string, paths: readonly string[]): Text[] {
  return paths.flatMap((path) => {
    const files = path.endsWith('.md') ? [join(root, path)] : filesIn(join(root, path))
    return files
      .filter((file) => file.endsWith('.md'))
      .flatMap((file) => markdownTexts(relative(root, file), readFileSync(file, 'utf8')))
  })
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

/** String literals, template literals (with … for each value) and JSX text; no imports, class names or keys. */
export function sourceTexts(file: string, source: string): Text[] {
  const texts: Text[] = []
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true)
  const add = (node: ts.Node, text: string) => {
    const { line } = tree.getLineAndCharacterOfPosition(node.getStart(tree))
    if (text.trim() !== '') texts.push({ file, line: line + 1, text: text.replace(/\s+/g, ' ').trim() })
  }
  const visit = (node: ts.Node): void => {
    if (isCode(node)) return
    if (ts.isStringLiteralLike(node)) return add(node, node.text)
    if (ts.isJsxText(node)) return add(node, node.text)
    if (ts.isTemplateExpression(node)) {
      add(node, [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…'))
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return texts
}

function isCode(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return true
  if (ts.isTaggedTemplateExpression(node)) return true
  if (ts.isJsxAttribute(node)) return isCodeAttribute(node)
  if (ts.isPropertyName(node) && ts.isPropertyAssignment(node.parent) && node.parent.name === node) return true
  if (!ts.isCallExpression(node)) return false
  const called = node.expression
  return CODE_CALLS.has(ts.isPropertyAccessExpression(called) ? called.name.text : called.getText())
}

/** A component may show its `name`, and the value of another attribute may hold elements. */
function isCodeAttribute({ name, initializer, parent }: ts.JsxAttribute): boolean {
  const attribute = name.getText()
  if (!CODE_ATTRIBUTES.has(attribute)) return false
  const isHtml = /^[a-z]/.test(parent.parent.tagName.getText())
  if (isHtml || attribute === 'className') return true
  return attribute !== 'name' && initializer !== undefined && ts.isStringLiteral(initializer)
}

/** Paragraphs line by line, without code blocks, inline code and link targets. */
export function markdownTexts(file: string, source: string): Text[] {
  let inCode = false
  return source.split('\n').flatMap((line, at) => {
    const isFence = line.trimStart().startsWith('```')
    if (isFence) inCode = !inCode
    if (isFence || inCode) return []
    const text = line
      .replace(/`[^`]*`/g, '…')
      .replace(/\]\([^)]*\)/g, ']')
      .trim()
    return text === '' ? [] : [{ file, line: at + 1, text }]
  })
}
