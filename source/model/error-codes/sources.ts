import type {ErrorMeaning} from './meaning.js';

export const sourceErrors = {
	'source.unreachable': {
		meaning: 'The server of a database, or that of a file, does not answer.',
		cure: 'Check that the server runs, and host and port in the secret. The next run connects again.',
	},
	'source.password': {
		meaning: 'The server of a database does not accept the user or the password.',
		cure: 'Set the secret again with the right user and password: `sluice secret set NAME`.',
	},
	'source.not_found': {
		meaning: 'The server of a file, such as an S3 bucket, has none of that name.',
		cure: 'Check `url` in the secret: `sluice secret set NAME`.',
	},
	'source.database_unknown': {
		meaning: 'The server has no database of the name in the secret.',
		cure: 'Correct `database` in the secret: `sluice secret set NAME`.',
	},
	'source.connection_lost': {
		meaning: 'The connection to a database, or to the server of a file, ended before all had arrived. Nothing was taken.',
		cure: 'Run it again; if it happens again, look into the log of the server.',
	},
	'source.certificate': {
		meaning: 'The certificate of a server is not trusted, is for another host, or the server has none.',
		cure: 'Put the certificate of the authority that signed it into the secret as `ssl_ca` (PEM text), or correct `sslmode` there.',
	},
	'source.permission': {
		meaning: 'The database, or the server of a file, does not allow its user to read what is asked for.',
		cure: 'Grant the user SELECT on it, or name another user in the secret.',
	},
	'source.driver': {
		meaning: 'The driver of a database is an optional install, and is not there.',
		cure: 'Install it as the message says, and run again.',
	},
	'source.cancelled': {
		meaning: 'A look at a source was cancelled while it ran, by a person or because its connector was deactivated. Nothing was taken.',
		cure: 'Run it again; a schedule looks again at its next run.',
	},
	'source.idle': {meaning: 'No look at the source of the connector is under way.', cure: 'Nothing is to be done.'},
	'source.query': {
		meaning: "The database refuses the query. It is written in the database's own SQL.",
		cure: 'Correct the query; try it with `sluice source test CONNECTOR`.',
	},
	'source.secret': {
		meaning: 'A secret does not say how to reach the database: it is a flat JSON object with host, user, password and database.',
		cure: 'Set it again: `sluice secret set NAME`, as {"host": "...", "port": "...", "user": "...", "password": "...", "database": "..."}.',
	},
} as const satisfies Record<string, ErrorMeaning>;
