// Writes which keys of Stripe's objects may be absent, as the types in Stripe's Node package say:
//   node localdev/stripe/optional-keys.mjs .stripe-node localdev/stripe/optional_keys.json [KIND…]
// for the kinds of objects that the table has already, and for those that are named. `--all` in place of the table
// prints everything that there is, interfaces without such a key included.
//
// In the types, `key: X | null` is always there and may be null; `key?: X` may be absent and is never null;
// `key?: X | null` may be either. The Python package says Optional of all three.
import fs from 'node:fs';
import {createRequire} from 'node:module';
import path from 'node:path';

const [packages, table, ...named] = process.argv.slice(2);
if (!table) {
  console.error('Usage: node optional-keys.mjs PACKAGES TABLE [KIND…]');
  process.exit(2);
}
const ts = createRequire(import.meta.url)(path.resolve(packages, 'typescript/lib/typescript.js'));
const {SyntaxKind} = ts;

function* declarations(folder) {
  for (const entry of fs.readdirSync(folder, {withFileTypes: true})) {
    const inner = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* declarations(inner);
    else if (entry.name.endsWith('.d.ts'))
      yield ts.createSourceFile(inner, fs.readFileSync(inner, 'utf8'), ts.ScriptTarget.Latest);
  }
}

const isNull = (type) => ts.isLiteralTypeNode(type) && type.literal.kind === SyntaxKind.NullKeyword;
const mayBeNull = (type) => ts.isUnionTypeNode(type) && type.types.some(isNull);
const literal = (member) => ts.isPropertySignature(member) && ts.isLiteralTypeNode(member.type) && member.type.literal;

function optional(node) {
  const keys = {};
  for (const member of node.members)
    if (ts.isPropertySignature(member) && member.questionToken)
      keys[member.name.text] = mayBeNull(member.type) ? 'absent or null' : 'absent';
  return keys;
}

// `object: 'charge'` makes an interface a kind of object; `deleted: true` is what is left of one, three keys.
function kindOf(node) {
  const named = (name) => node.members.map((one) => one.name?.text === name && literal(one)).find(Boolean);
  return named('deleted')?.kind === SyntaxKind.TrueKeyword ? undefined : named('object')?.text;
}

function inside(body, steps, found) {
  for (const statement of body.statements) {
    if (ts.isInterfaceDeclaration(statement)) found[[...steps, statement.name.text].join('.')] = optional(statement);
    if (ts.isModuleDeclaration(statement)) inside(statement.body, [...steps, statement.name.text], found);
  }
}

const kinds = {};
for (const source of declarations(path.resolve(packages, 'stripe/esm/resources'))) {
  const roots = new Map();
  for (const statement of source.statements) {
    const kind = ts.isInterfaceDeclaration(statement) && kindOf(statement);
    // Events are a union over an interface `EventBase`, with the namespace `Event`.
    if (kind) roots.set(statement.name.text.replace(/^EventBase$/, 'Event'), kind);
    if (kind) kinds[kind] = {'': optional(statement), ...kinds[kind]};
  }
  for (const statement of source.statements)
    if (ts.isModuleDeclaration(statement) && roots.has(statement.name.text))
      inside(statement.body, [], kinds[roots.get(statement.name.text)]);
}

const sorted = (value) =>
  value && typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, sorted(v)]))
    : value;

if (table === '--all') {
  console.log(JSON.stringify(sorted(kinds)));
} else {
  const wanted = [...(fs.existsSync(table) ? Object.keys(JSON.parse(fs.readFileSync(table, 'utf8'))) : []), ...named];
  const unknown = wanted.filter((kind) => !kinds[kind]);
  if (unknown.length) {
    console.error(`Stripe has no object called ${unknown.join(', ')}.`);
    process.exit(1);
  }
  const some = ([, keys]) => Object.keys(keys).length > 0;
  const kept = wanted.map((kind) => [kind, Object.fromEntries(Object.entries(kinds[kind]).filter(some))]);
  fs.writeFileSync(table, JSON.stringify(sorted(Object.fromEntries(kept)), null, 2) + '\n');
}
