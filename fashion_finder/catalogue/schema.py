"""The catalogue's tables, as numbered migrations.

``items`` are files, ``contents`` are distinct bytes: copies and moved files share a content and so
its vector. A content's id is never reused (AUTOINCREMENT), so it can label a point of the search
graph for ever. Paths are stored as the bytes the system knows them by.

A migration that was released is never changed: others' files have gone through it. With a new one
comes a fixture of the new format: ``python -m tests.catalogue_formats``.
"""

from __future__ import annotations

APPLICATION_ID = 0x46464E44  # "FFND", so that other programs' databases are told apart

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE catalogue (
        one    INTEGER PRIMARY KEY CHECK (one = 1),
        uuid   TEXT NOT NULL,
        graph  TEXT NOT NULL  -- drawn anew for every search graph that is saved
    );
    INSERT INTO catalogue VALUES (1, lower(hex(randomblob(16))), '');

    CREATE TABLE roots (
        id          INTEGER PRIMARY KEY AUTOINCREMENT,
        path        BLOB NOT NULL UNIQUE,
        unfinished  INTEGER NOT NULL DEFAULT 1
    );

    CREATE TABLE contents (
        id      INTEGER PRIMARY KEY AUTOINCREMENT,
        digest  BLOB NOT NULL UNIQUE,
        size    INTEGER NOT NULL,
        width   INTEGER NOT NULL,
        height  INTEGER NOT NULL,
        tags    TEXT NOT NULL
    );
    CREATE INDEX contents_by_size ON contents (size);

    CREATE TABLE models (
        id     INTEGER PRIMARY KEY,
        stamp  TEXT NOT NULL UNIQUE
    );

    CREATE TABLE vectors (
        content  INTEGER PRIMARY KEY REFERENCES contents (id) ON DELETE CASCADE,
        model    INTEGER NOT NULL REFERENCES models (id),
        vector   BLOB NOT NULL
    );

    CREATE TABLE items (
        id        INTEGER PRIMARY KEY,
        root      INTEGER NOT NULL REFERENCES roots (id) ON DELETE CASCADE,
        relative  BLOB NOT NULL,
        size      INTEGER NOT NULL,
        mtime_ns  INTEGER NOT NULL,
        volume    TEXT NOT NULL,
        content   INTEGER REFERENCES contents (id),
        reason    TEXT,
        UNIQUE (root, relative),
        CHECK ((content IS NULL) <> (reason IS NULL))
    );
    CREATE INDEX items_by_content ON items (content) WHERE content IS NOT NULL;
    CREATE INDEX items_skipped ON items (root) WHERE reason IS NOT NULL;
    """,
    # Vectors and tags of several models side by side, and tags as rows that can be counted.
    """
    CREATE TABLE vectors_by_model (
        content  INTEGER NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
        model    INTEGER NOT NULL REFERENCES models (id),
        vector   BLOB NOT NULL,
        UNIQUE (model, content)
    );
    INSERT INTO vectors_by_model SELECT content, model, vector FROM vectors ORDER BY content;
    CREATE INDEX vectors_by_content ON vectors_by_model (content);

    CREATE TABLE words (
        id          INTEGER PRIMARY KEY,
        vocabulary  TEXT NOT NULL,
        word        TEXT NOT NULL,
        UNIQUE (vocabulary, word)
    );
    CREATE TABLE tags (
        content      INTEGER NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
        model        INTEGER NOT NULL REFERENCES models (id),
        word         INTEGER NOT NULL REFERENCES words (id),
        probability  REAL NOT NULL,
        PRIMARY KEY (model, word, content)
    ) WITHOUT ROWID;
    INSERT OR IGNORE INTO words (vocabulary, word)
        SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]')
        FROM contents, json_each(contents.tags);
    INSERT OR IGNORE INTO tags
        SELECT contents.id, vectors.model, words.id, json_extract(value, '$[2]')
        FROM contents JOIN vectors ON vectors.content = contents.id, json_each(contents.tags)
        JOIN words ON vocabulary = json_extract(value, '$[0]')
            AND word = json_extract(value, '$[1]');
    CREATE INDEX tags_by_content ON tags (content);
    ALTER TABLE contents DROP COLUMN tags;

    DROP TABLE vectors;
    ALTER TABLE vectors_by_model RENAME TO vectors;

    CREATE INDEX items_searchable ON items (root, content) WHERE content IS NOT NULL;
    """,
    # What a file's own times do not say, and what a folder holds besides pictures.
    """
    ALTER TABLE items ADD COLUMN ctime_ns INTEGER NOT NULL DEFAULT 0;  -- 0: was not recorded
    ALTER TABLE contents ADD COLUMN cut_short INTEGER NOT NULL DEFAULT 0;  -- its last rows lack

    CREATE TABLE left_out (
        root    INTEGER NOT NULL REFERENCES roots (id) ON DELETE CASCADE,
        folder  BLOB NOT NULL,  -- relative, the one that holds them
        kind    TEXT NOT NULL,
        count   INTEGER NOT NULL,
        PRIMARY KEY (root, folder, kind)
    ) WITHOUT ROWID;

    CREATE TABLE mount_points (
        root  INTEGER NOT NULL REFERENCES roots (id) ON DELETE CASCADE,
        path  BLOB NOT NULL,  -- in the folder or above it, when it was indexed
        PRIMARY KEY (root, path)
    ) WITHOUT ROWID;

    CREATE TABLE likely_words (
        model    INTEGER NOT NULL REFERENCES models (id),
        content  INTEGER NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
        packed   BLOB NOT NULL,  -- see embedding/likely_words.py
        PRIMARY KEY (model, content)
    ) WITHOUT ROWID;
    CREATE INDEX likely_words_by_content ON likely_words (content);
    """,
)
