import packageJson from '../../package.json'

export const projectVersion = packageJson.version
