import { describe, expect, it } from 'vitest'
import { browserCommand } from './browser'
import { addressOf, loopbackAddress } from './host'

describe('the host', () => {
  it.each([
    ['127.0.0.1', 'http://127.0.0.1:3000'],
    ['localhost', 'http://127.0.0.1:3000'],
    ['::1', 'http://[::1]:3000'],
  ])('%s is a loopback address', (host, url) => {
    expect(addressOf(loopbackAddress(host, 3000), 3000)).toBe(url)
  })

  it.each(['0.0.0.0', '::', '192.168.1.5', 'example.org', '127.0.0.1.example.org', ''])('%j is refused', (host) => {
    expect(() => loopbackAddress(host, 4000)).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        message: expect.stringContaining('everyone who reaches that address') as string,
        remedy: expect.stringContaining('ssh -N -L 4000:127.0.0.1:4000') as string,
      }),
    )
  })
})

describe('the browser', () => {
  it('is opened on desktops only', () => {
    expect(browserCommand('linux', {})).toBeUndefined()
    expect(browserCommand('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toEqual(['xdg-open'])
    expect(browserCommand('darwin', {})).toEqual(['open'])
    expect(browserCommand('win32', {})).toEqual(['cmd', '/c', 'start', ''])
  })
})
