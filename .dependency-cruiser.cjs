// The import law (ARCHITECTURE.md) as code. Every rule is an error and has no exception but those
// that are written here; tests/house/import-law.test.ts breaks each of them and sees it refused.
const rooms = ['auth', 'limits', 'routing', 'backends', 'dialects', 'usage', 'settings']
const room = `^lib/(${rooms.join('|')})/`
const test = '\\.test\\.tsx?$|^(tests|e2e)/'
const proofs = `${test}|^bench/|^scripts/`
const atRunTime = { dependencyTypesNot: ['type-only'] }

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^\\.\\./dist/[a-z]+\\.mjs$' },
    },
    {
      name: 'nothing-imports-app',
      severity: 'error',
      from: { pathNot: `^app/|${test}` },
      to: { path: '^app/' },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { pathNot: proofs },
      to: { path: '^(tests|e2e|bench)/|\\.test\\.tsx?$' },
    },
    {
      name: 'nothing-imports-the-simulator',
      severity: 'error',
      from: { pathNot: `^simulator/|${proofs}` },
      to: { path: '^simulator/' },
    },
    {
      name: 'the-simulator-stands-alone',
      comment: 'A fake that shared our code would share our mistakes.',
      severity: 'error',
      from: { path: '^simulator/', pathNot: test },
      to: { path: '^(lib|app|components|cli|server)/' },
    },
    {
      name: 'halls-are-strangers',
      severity: 'error',
      from: { path: '^lib/(gateway|admin)/', pathNot: test },
      to: { path: '^lib/(gateway|admin)/', pathNot: '^lib/$1/' },
    },
    {
      name: 'rooms-are-strangers',
      severity: 'error',
      from: { path: room, pathNot: test },
      to: { path: room, pathNot: '^lib/$1/', ...atRunTime },
    },
    {
      name: 'rooms-know-no-hall',
      severity: 'error',
      from: { path: `${room}|^lib/db/`, pathNot: test },
      to: { path: '^lib/(gateway|admin)/' },
    },
    {
      name: 'routing-and-dialects-never-read-the-database',
      severity: 'error',
      from: { path: '^lib/(routing|dialects)/', pathNot: test },
      to: { path: '^lib/db/', ...atRunTime },
    },
    {
      name: 'the-cellar-knows-no-room',
      severity: 'error',
      from: { path: '^lib/db/', pathNot: test },
      to: { path: room, ...atRunTime },
    },
    {
      name: 'prisma-only-in-the-cellar',
      severity: 'error',
      from: { pathNot: '^lib/db/|^scripts/|^tests/' },
      to: { path: '(^|/)node_modules/(@prisma|prisma|@libsql|libsql|pg)/|^lib/db/generated/' },
    },
    {
      name: 'the-ground-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^lib/(core|http|schemas|ui)/', pathNot: test },
      to: {
        path: '^(lib|app|components|cli|server|simulator)/|^[^/]+\\.ts$',
        pathNot: '^lib/(core|http|schemas|ui)/',
      },
    },
    {
      name: 'core-stands-on-schemas-only',
      severity: 'error',
      from: { path: '^lib/core/', pathNot: test },
      to: { path: '^lib/(http|ui)/' },
    },
    {
      name: 'schemas-and-ui-are-browser-safe',
      severity: 'error',
      from: { path: '^lib/(schemas|ui)/', pathNot: test },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'schemas-and-ui-import-nothing-of-ours',
      severity: 'error',
      from: { path: '^lib/(schemas|ui)/', pathNot: test },
      to: { path: '^(lib|components)/', pathNot: '^lib/(schemas|ui)/' },
    },
    {
      name: 'pages-reach-halls-not-rooms',
      severity: 'error',
      from: { path: '^app/', pathNot: test },
      to: { path: `${room}|^lib/db/`, ...atRunTime },
    },
    {
      name: 'components-take-props',
      severity: 'error',
      from: { path: '^components/', pathNot: test },
      to: { path: '^(lib|app|cli|server)/', pathNot: '^lib/(schemas|ui)/' },
    },
    {
      name: 'next-stays-out-of-lib',
      comment: 'The session file is the one exception (design.md).',
      severity: 'error',
      from: { path: '^lib/', pathNot: `${test}|^lib/admin/session\\.ts$` },
      to: { path: '(^|/)node_modules/(next|next-auth)/' },
    },
    {
      name: 'charts-only-in-components-charts',
      severity: 'error',
      from: { pathNot: '^components/charts/' },
      to: { path: '(^|/)node_modules/recharts/|^recharts(/|$)' },
    },
    {
      name: 'development-packages-stay-out-of-the-product',
      severity: 'error',
      from: {
        path: '^(lib|app|components|cli|server)/|^[^/]+\\.ts$',
        pathNot: `${test}|^[^/]+\\.config\\.ts$`,
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|^lib/db/generated/' },
    exclude: { path: '^(\\.next|dist|coverage|data)/|^lib/db/generated/.*/internal/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
    },
  },
}
