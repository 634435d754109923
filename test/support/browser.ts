/** The browser of tests and screenshots: the Chromium of an npm package, or the one that LOUPE_CHROMIUM names. */
import chromium from '@sparticuz/chromium'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium as playwright, type Browser } from 'playwright-core'

export interface TestBrowser extends AsyncDisposable {
  browser: Browser
}

export async function openBrowser(): Promise<TestBrowser> {
  const system = process.env['LOUPE_CHROMIUM']
  // The package unpacks to a fixed name in the temporary folder, and trusts the files that are already there.
  const folder = await mkdtemp(join(tmpdir(), 'loupe-chromium-'))
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = folder
  try {
    const executablePath = system ?? (await chromium.executablePath())
    // The package asks for a single process, in which closing one window ends the browser.
    const args = system
      ? ['--no-sandbox']
      : chromium.args.filter((arg) => !['--single-process', '--no-zygote'].includes(arg))
    const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']
    const browser = await playwright.launch({ executablePath, args: [...args, ...quiet], headless: true })
    return {
      browser,
      async [Symbol.asyncDispose]() {
        await browser.close()
        await rm(folder, { recursive: true, force: true })
      },
    }
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
}
