import { expect, it } from 'vitest'
import { ok } from '../../lib/api/client/client'
import { openPage, type Bench } from './bench'

/** Long enough to be followed and cancelled before it ends. */
const LONG = 50_000_000

export function describeLiveRun(bench: Bench): void {
  it('started in one window is followed in a second one, cancelled, and leaves its job cancelled', async () => {
    const { api } = bench.workbench
    const { harvests } = await ok(api.GET('/api/v1/harvests'))
    await using first = await openPage(bench, `/runs/new?harvest=${harvests[0]!.id}`)
    await first.page.getByRole('textbox', { name: /^d_sae/ }).fill('512')
    await first.page.getByRole('textbox', { name: /^k\b/ }).fill('8')
    await first.page.getByRole('textbox', { name: /^tokens/ }).fill(String(LONG))
    await first.page.getByRole('button', { name: /^Start/ }).click()
    await first.page.waitForURL(/\/runs\/[0-9a-f-]{36}$/)

    await using second = await openPage(bench, new URL(first.page.url()).pathname)
    const steps = async () => {
      const id = first.page.url().split('/').at(-1)!
      return (await ok(api.GET('/api/v1/runs/{id}', { params: { path: { id } } }))).run.step
    }
    await expect.poll(steps, { timeout: 60_000 }).toBeGreaterThan(20)
    const shown = second.page.locator('canvas').first()
    await shown.waitFor({ timeout: 30_000 })
    const before = await second.page.locator('main').innerText()
    await expect.poll(() => second.page.locator('main').innerText(), { timeout: 20_000 }).not.toBe(before)

    const jobs = await ok(api.GET('/api/v1/jobs'))
    const job = jobs.jobs.find(({ kind, status }) => kind === 'train' && status === 'running')!
    await ok(api.POST('/api/v1/jobs/{id}/cancel', { params: { path: { id: job.id } } }))
    const state = async () => (await ok(api.GET('/api/v1/jobs/{id}', { params: { path: { id: job.id } } }))).job.status
    await expect.poll(state).toBe('cancelled')
    await second.page.getByText('cancelled').first().waitFor({ timeout: 20_000 })
    expect(second.errors).toEqual([])
  }, 240_000)
}
