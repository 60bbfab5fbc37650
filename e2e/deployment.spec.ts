import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, newPassword, signIn, test } from './support/house'

const root = path.resolve(import.meta.dirname, '..')

test('the suite for a running installation passes on one, and leaves nothing that works', async ({
  page,
  house,
}) => {
  await signIn(page, house)
  const readme = await readFile(path.join(root, 'README.md'), 'utf8')
  const command = /^E2E_BASE_URL=.*$/m
    .exec(readme)?.[0]
    .replace('https://corral.example.com', house.url)
    .replace('ada', 'admin')
    .replace('...', `'${newPassword}'`)
  const said = await promisify(execFile)('sh', ['-c', `${command} --reporter=list`], {
    cwd: root,
  }).catch((error: { stdout: string; stderr: string }) => error)
  expect(`${said.stdout}${said.stderr}`).toContain('3 passed')
  const keys = JSON.parse(await house.corral('keys', 'list', '--json')) as {
    name: string
    state: string
  }[]
  const made = keys.filter(({ name }) => name.startsWith('after deployment'))
  expect(made.map(({ state }) => state)).toEqual(['revoked'])
})
