import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BootedSystem, bootSystem, whyNoBoot } from './booted-system.ts'
import { envFile, installOldPackage, readKey, sandboxUnit } from './old-package.ts'
import { stepsUnder } from './steps.ts'

const root = join(import.meta.dir, '../..')
/** Compiling takes seconds, booting one or two; the machine may have more to do. */
const patience = 120_000

const reason = await whyNoBoot()
const title = 'the service under systemd, beginning as the old package left the host'

describe.skipIf(reason !== undefined)(reason === undefined ? title : `${title}: ${reason}`, () => {
  let folder = ''
  let system: BootedSystem

  const property = (name: string): Promise<string> =>
    system.ok(`systemctl show --value --property=${name} st2chatops`)
  const until = async (holds: () => Promise<boolean>): Promise<void> => {
    while (!await holds()) await Bun.sleep(50)
  }
  const isReady = async (but?: string): Promise<boolean> => {
    const pid = await property('MainPID')
    return await property('ActiveState') === 'active' && pid !== '0' && pid !== but
  }
  const log = async (): Promise<readonly { PRIORITY: string; MESSAGE: string }[]> => {
    const lines = await system.ok('journalctl --unit=st2chatops --output=json')
    return lines.split('\n').map((line) => JSON.parse(line))
  }
  const hasSaid = async (text: string): Promise<boolean> =>
    (await log()).some(({ MESSAGE }) => MESSAGE.includes(text))

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'st2chatops-service-'))
    const { exitCode, stderr } = Bun.spawnSync(
      [process.execPath, 'compile.ts', '--outdir', join(folder, 'dist')],
      { cwd: root },
    )
    if (exitCode !== 0) throw new Error(`The executable cannot be compiled: ${stderr}`)
    system = await bootSystem()
    await installOldPackage(system)
    await system.ok('mkdir -p /root/dist /root/packaging')
    await system.put('/root/dist/st2chatops', Bun.file(join(folder, 'dist/st2chatops')))
    await system.put(
      '/root/packaging/st2chatops.service',
      Bun.file(join(root, 'packaging/st2chatops.service')),
    )
    await system.ok('chmod 755 /root/dist/st2chatops')
  }, patience)
  afterAll(async () => {
    await system?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  test('the steps of the README start it in the place of the old bot', async () => {
    const [stop, install] = await stepsUnder('Switching from the old package')
    await system.ok(`cd /root && set -e\n${stop}\n${install}`)
    expect(await property('FragmentPath')).toBe('/etc/systemd/system/st2chatops.service')
    expect(await property('UnitFileState')).toBe('enabled')
    // StackStorm is not there yet.
    await until(async () => (await property('StatusText')).startsWith('Not ready: StackStorm'))
    expect(await property('ActiveState')).toBe('activating')
  }, patience)

  test('the boot of the host does not wait for StackStorm', async () => {
    await system.ok('systemctl stop st2chatops')
    expect(await property('Result')).toBe('success')
    await system.ok('systemctl stop multi-user.target')
    // It comes back although the bot, which it wants, is still starting.
    await system.ok('systemctl start multi-user.target')
    expect(await property('ActiveState')).toBe('activating')
    await system.ok('systemctl stop st2chatops')
  }, patience)

  test('is started when it is ready, and says so', async () => {
    await system.put('/etc/systemd/system/sandbox.service', sandboxUnit)
    await system.ok('systemctl daemon-reload && systemctl start sandbox')
    await until(async () => await readKey(system) !== undefined)
    await system.put('/opt/stackstorm/chatops/st2chatops.env', envFile(await readKey(system)))
    await system.ok('systemctl start st2chatops')
    expect(await property('StatusText')).toBe('Ready: StackStorm, stream, shell')
  }, patience)

  test('its lines have their priorities in the journal', async () => {
    const lines = await log()
    const priorityOf = (text: string) =>
      lines.findLast(({ MESSAGE }) => MESSAGE.includes(text))?.PRIORITY
    expect(priorityOf('aliases loaded')).toBe('6')
    expect(priorityOf('is not verified')).toBe('4')
    expect(lines.filter(({ MESSAGE }) => /^<\d>/.test(MESSAGE))).toEqual([])
  })

  test('its journal is its own', async () => {
    expect(await system.ok('stat --format="%a %U" /var/lib/st2chatops /var/lib/st2chatops/*'))
      .toMatch(/^700 st2chatops(\n600 st2chatops)+$/)
  })

  test('a reload loads the aliases', async () => {
    await system.ok('systemctl reload st2chatops')
    await until(() => hasSaid('why=signal'))
    expect(await property('NRestarts')).toBe('0')
  }, patience)

  test('it comes back after a kill, and after it hung', async () => {
    await system.ok('mkdir -p /run/systemd/system/st2chatops.service.d')
    await system.put(
      '/run/systemd/system/st2chatops.service.d/quick.conf',
      '[Service]\nRestartSec=100ms\nWatchdogSec=5\n',
    )
    await system.ok('systemctl daemon-reload && systemctl restart st2chatops')
    for (const signal of ['KILL', 'STOP']) {
      const pid = await property('MainPID')
      await system.ok(`kill -${signal} ${pid}`)
      await until(() => isReady(pid))
    }
    expect(Number(await property('NRestarts'))).toBeGreaterThanOrEqual(2)
    expect(await hasSaid('Watchdog timeout')).toBe(true)
    // The runtime takes an abort for a crash of its own, and asks for a report.
    expect(await hasSaid('crash')).toBe(false)
  }, patience)

  test('a credential of systemd is read', async () => {
    await system.put('/root/key', `${await readKey(system)}\n`)
    await system.put('/opt/stackstorm/chatops/st2chatops.env', envFile('stale'))
    await system.put(
      '/run/systemd/system/st2chatops.service.d/credential.conf',
      '[Service]\nLoadCredential=ST2_API_KEY:/root/key\n',
    )
    await system.ok('chmod 600 /root/key && systemctl daemon-reload')
    await system.ok('systemctl restart st2chatops')
    expect(await property('ActiveState')).toBe('active')
  }, patience)

  test('a stop is clean', async () => {
    await system.ok('systemctl stop st2chatops')
    expect([await property('Result'), await property('ExecMainStatus')]).toEqual(['success', '0'])
  }, patience)

  test('a configuration that can never work is not tried again', async () => {
    await system.ok(
      'cp /opt/stackstorm/chatops/st2chatops.env /root/kept && ' +
        'echo export HUBOT_ADAPTER=carrier-pigeon >>/opt/stackstorm/chatops/st2chatops.env',
    )
    expect((await system.sh('systemctl start st2chatops')).code).toBe(1)
    expect([await property('ExecMainStatus'), await property('ActiveState')])
      .toEqual(['78', 'failed'])
    await system.ok('cat /root/kept >/opt/stackstorm/chatops/st2chatops.env')
  }, patience)

  test('the steps of an update start the new file', async () => {
    const steps = await stepsUnder('Switching from the old package')
    await system.ok(`cd /root && set -e\n${steps[3]}`)
    await until(() => isReady())
    // Only its first start found none.
    const first = (await log()).filter(({ MESSAGE }) =>
      MESSAGE.startsWith('This journal begins now')
    )
    expect(first).toHaveLength(1)
  }, patience)

  test('the way back leads to the old bot', async () => {
    const steps = await stepsUnder('Switching from the old package')
    await system.ok(`cd /root && set -e\n${steps[2]}`)
    await until(() => hasSaid('the old bot: hubot'))
    expect(await property('User')).toBe('st2')
  }, patience)
})
