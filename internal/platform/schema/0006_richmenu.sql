-- richmenu: areas is the array as it is answered; mime is the picture's, '' before one was uploaded
CREATE TABLE rich_menus (
	no INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	channel_no BIGINT NOT NULL,
	name TEXT NOT NULL,
	chat_bar_text TEXT NOT NULL,
	selected BIGINT NOT NULL,
	width BIGINT NOT NULL,
	height BIGINT NOT NULL,
	areas TEXT NOT NULL,
	mime TEXT NOT NULL
);
CREATE INDEX rich_menus_channel ON rich_menus (channel_no, no);
CREATE TABLE rich_menu_images (
	menu_no INTEGER PRIMARY KEY,
	data BLOB NOT NULL
);
-- A menu that was deleted may still stand in what follows: its number is never given again.
CREATE TABLE rich_menu_defaults (
	channel_no INTEGER PRIMARY KEY,
	menu_no BIGINT NOT NULL
);
-- since orders the links and the requests to change many of them
CREATE TABLE rich_menu_links (
	channel_no BIGINT NOT NULL,
	person_no BIGINT NOT NULL,
	menu_no BIGINT NOT NULL,
	since BIGINT NOT NULL,
	PRIMARY KEY (channel_no, person_no)
) WITHOUT ROWID;
CREATE INDEX rich_menu_links_menu ON rich_menu_links (channel_no, menu_no, since);
CREATE TABLE rich_menu_aliases (
	channel_no BIGINT NOT NULL,
	alias TEXT NOT NULL,
	menu_id TEXT NOT NULL,
	PRIMARY KEY (channel_no, alias)
) WITHOUT ROWID;
-- base is the request whose work this one is: its own number, or that of the one it resumes
CREATE TABLE rich_menu_batches (
	no INTEGER PRIMARY KEY,
	base BIGINT NOT NULL,
	request_id TEXT NOT NULL UNIQUE,
	channel_no BIGINT NOT NULL,
	resume_key TEXT NOT NULL,
	operations TEXT NOT NULL,
	accepted_at BIGINT NOT NULL,
	completed_at BIGINT NOT NULL,
	failed BIGINT NOT NULL
);
CREATE INDEX rich_menu_batches_key ON rich_menu_batches (channel_no, resume_key, no);
CREATE INDEX rich_menu_batches_accepted ON rich_menu_batches (accepted_at);
-- the menu that a person last saw opened, and when they last looked at that chat
CREATE TABLE rich_menu_views (
	channel_no BIGINT NOT NULL,
	person_no BIGINT NOT NULL,
	menu_no BIGINT NOT NULL,
	seen_at BIGINT NOT NULL,
	PRIMARY KEY (channel_no, person_no)
) WITHOUT ROWID;
-- day is yyyyMMdd in UTC+9; area is -1 for the menu being shown
CREATE TABLE rich_menu_counts (
	menu_no BIGINT NOT NULL,
	day BIGINT NOT NULL,
	area BIGINT NOT NULL,
	person_no BIGINT NOT NULL,
	times BIGINT NOT NULL,
	PRIMARY KEY (menu_no, day, area, person_no)
) WITHOUT ROWID;
