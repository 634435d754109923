/** The one list of pages. The rail, the command box, the test of every page and the screenshots read it. */
import {
  Activity,
  BookOpen,
  Braces,
  Database,
  ListChecks,
  ScanText,
  SlidersHorizontal,
  type LucideIcon,
} from 'lucide-react'

export interface Place {
  /** The folder of its page.tsx, as Next's router names it: `/runs/[id]`. */
  route: string
  /** In the command box and as a heading; a page of one thing has no name. */
  name?: string
  /** Puts the place into the rail. */
  icon?: LucideIcon
  /** The place in the rail that this page belongs to; without one, the place whose route begins its address. */
  under?: string
  /** File name of its screenshots. */
  picture: string
  /** Addresses to look at; the last is the one for a screenshot. None when a workbench has no such thing. */
  examples: (things: ExampleThings) => readonly string[]
}

/** Things of a running workbench that example addresses need. */
export interface ExampleThings {
  /** With statistics, a model and no target hook. */
  dictionary: string
  feature: number
  run?: string
  sweep?: string
  job?: string
  harvest?: string
  generation?: string
  /** Two dictionaries to compare. */
  pair?: readonly [string, string]
}

export const places: readonly Place[] = [
  {
    route: '/',
    name: 'Dictionaries',
    icon: BookOpen,
    picture: 'dictionaries',
    examples: () => ['/'],
  },
  {
    route: '/dictionaries/[id]',
    under: '/',
    picture: 'dictionary',
    examples: ({ dictionary }) => [`/dictionaries/${dictionary}`],
  },
  {
    route: '/dictionaries/[id]/features/[index]',
    under: '/',
    picture: 'feature',
    examples: ({ dictionary, feature }) => [`/dictionaries/${dictionary}/features/${feature}`],
  },
  {
    route: '/compare',
    name: 'Compare',
    under: '/',
    picture: 'compare',
    examples: ({ pair }) => ['/compare', ...(pair ? [`/compare?a=${pair[0]}&b=${pair[1]}`] : [])],
  },
  {
    route: '/prompt',
    name: 'Prompt',
    icon: ScanText,
    picture: 'prompt',
    examples: ({ dictionary, feature }) => [
      `/prompt?dictionaries=${dictionary}&text=We+the+people`,
      `/prompt?dictionaries=${dictionary}&pin=${dictionary}:${feature}&text=We+the+people+of+the+United+States`,
    ],
  },
  {
    route: '/steer',
    name: 'Steer',
    icon: SlidersHorizontal,
    picture: 'steer',
    examples: ({ dictionary, feature }) => [`/steer?dictionary=${dictionary}&feature=${feature}`],
  },
  {
    route: '/steer/[id]',
    picture: 'answer',
    examples: ({ generation }) => (generation === undefined ? [] : [`/steer/${generation}`]),
  },
  {
    route: '/runs',
    name: 'Runs',
    icon: Activity,
    picture: 'runs',
    examples: () => ['/runs'],
  },
  {
    route: '/runs/new',
    name: 'New run',
    picture: 'run-new',
    examples: () => ['/runs/new'],
  },
  {
    route: '/runs/[id]',
    picture: 'run',
    examples: ({ run }) => (run === undefined ? [] : [`/runs/${run}`]),
  },
  {
    route: '/sweeps',
    name: 'Sweeps',
    under: '/runs',
    picture: 'sweeps',
    examples: () => ['/sweeps'],
  },
  {
    route: '/sweeps/new',
    name: 'New sweep',
    under: '/runs',
    picture: 'sweep-new',
    examples: () => ['/sweeps/new', '/sweeps/new?d_sae=2304,4608&k=16,32,64&tokens=1M'],
  },
  {
    route: '/sweeps/[id]',
    under: '/runs',
    picture: 'sweep',
    examples: ({ sweep }) => (sweep === undefined ? [] : [`/sweeps/${sweep}`]),
  },
  {
    route: '/harvests',
    name: 'Harvests',
    icon: Database,
    picture: 'harvests',
    examples: () => ['/harvests'],
  },
  {
    route: '/harvests/new',
    name: 'New harvest',
    picture: 'harvest-new',
    examples: () => ['/harvests/new'],
  },
  {
    route: '/harvests/[id]',
    picture: 'harvest',
    examples: ({ harvest }) => (harvest === undefined ? [] : [`/harvests/${harvest}`]),
  },
  {
    route: '/jobs',
    name: 'Jobs',
    icon: ListChecks,
    picture: 'jobs',
    examples: () => ['/jobs'],
  },
  {
    route: '/jobs/[id]',
    picture: 'job',
    examples: ({ job }) => (job === undefined ? [] : [`/jobs/${job}`]),
  },
  {
    route: '/docs/api',
    name: 'API',
    icon: Braces,
    picture: 'api',
    examples: () => ['/docs/api'],
  },
]

/** The addresses that a place of the rail stands for, each with the pages below it. */
export function addressesUnder(place: Place): readonly string[] {
  const under = places.filter((other) => other.under === place.route)
  return [...new Set([place.route, ...under.map(({ route }) => route.split('/[')[0]!)])]
}
