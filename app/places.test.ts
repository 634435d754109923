import { readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { addressesUnder, places } from './places'

const folder = fileURLToPath(new URL('.', import.meta.url))

it('the list of places names every page, once', () => {
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /(^|\/)page\.tsx$/.test(path))
    .map((path) => (dirname(path) === '.' ? '/' : `/${dirname(path)}`))
  expect(places.map(({ route }) => route).sort()).toEqual(pages.sort())
  expect(new Set(places.map(({ picture }) => picture)).size).toBe(places.length)
})

it('every example is an address of its page', () => {
  const things = { run: 'r', sweep: 's', job: 'j', harvest: 'h', generation: 'g', pair: ['a', 'b'] as const }
  for (const { route, examples } of places) {
    const pattern = new RegExp(`^${route.replace(/\[\w+\]/g, '[^/?]+')}(\\?|$)`)
    const addresses = examples({ dictionary: 'd', feature: 3, ...things })
    expect(addresses.length).toBeGreaterThan(0)
    for (const address of addresses) expect(address).toMatch(pattern)
  }
})

it('every page belongs to a place of the rail', () => {
  const rail = places.filter(({ icon }) => icon !== undefined)
  const covered = rail.flatMap(addressesUnder)
  for (const { route } of places) {
    expect(covered.some((address) => route === address || route.startsWith(`${address}/`))).toBe(true)
  }
})
