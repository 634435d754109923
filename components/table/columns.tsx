/** Columns that several tables have. */
import { HoverLink } from '../ui/HoverLink'
import { LongName } from '../ui/LongName'
import { Time } from '../ui/Time'
import type { Column } from './DataTable'

/** @param at address of the pages of the rows: `/runs` */
export function nameColumn<Row extends { id: string; name: string }>(header: string, at: string): Column<Row> {
  return {
    id: 'name',
    name: 'name',
    header,
    width: 220,
    grow: true,
    sortBy: ({ name }) => name,
    cell: ({ id, name }) => <NameLink href={`${at}/${id}`} name={name} />,
  }
}

export function harvestColumn<Row extends { harvest: { id: string; name: string } }>(): Column<Row> {
  return {
    id: 'harvest',
    name: 'harvest',
    header: 'Harvest',
    width: 190,
    sortBy: ({ harvest }) => harvest.name,
    cell: ({ harvest }) => <NameLink href={`/harvests/${harvest.id}`} name={harvest.name} />,
  }
}

export function createdColumn<Row extends { createdAt: string }>(): Column<Row> {
  return {
    id: 'created',
    name: 'time',
    header: 'Created',
    width: 135,
    sortBy: ({ createdAt }) => createdAt,
    cell: ({ createdAt }) => <Time at={createdAt} />,
  }
}

function NameLink({ href, name }: { href: string; name: string }) {
  return (
    <HoverLink href={href} className="hover:text-accent block hover:underline">
      <LongName>{name}</LongName>
    </HoverLink>
  )
}
