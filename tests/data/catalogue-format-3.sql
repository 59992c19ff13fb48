BEGIN TRANSACTION;
CREATE TABLE catalogue (
        one    INTEGER PRIMARY KEY CHECK (one = 1),
        uuid   TEXT NOT NULL,
        graph  TEXT NOT NULL  -- drawn anew for every search graph that is saved
    );
INSERT INTO "catalogue" VALUES(1,'9822e680f6167a14aa52fcc10325b38f','');
CREATE TABLE contents (
        id      INTEGER PRIMARY KEY AUTOINCREMENT,
        digest  BLOB NOT NULL UNIQUE,
        size    INTEGER NOT NULL,
        width   INTEGER NOT NULL,
        height  INTEGER NOT NULL, cut_short INTEGER NOT NULL DEFAULT 0);
INSERT INTO "contents" VALUES(1,X'6469676573742D686174',1000,300,400,0);
INSERT INTO "contents" VALUES(2,X'6469676573742D626167',2000,640,480,1);
CREATE TABLE items (
        id        INTEGER PRIMARY KEY,
        root      INTEGER NOT NULL REFERENCES roots (id) ON DELETE CASCADE,
        relative  BLOB NOT NULL,
        size      INTEGER NOT NULL,
        mtime_ns  INTEGER NOT NULL,
        volume    TEXT NOT NULL,
        content   INTEGER REFERENCES contents (id),
        reason    TEXT, ctime_ns INTEGER NOT NULL DEFAULT 0,
        UNIQUE (root, relative),
        CHECK ((content IS NULL) <> (reason IS NULL))
    );
INSERT INTO "items" VALUES(1,1,X'6861742E6A7067',1000,1000000000000000000,'disk',1,NULL,1000000000000000009);
INSERT INTO "items" VALUES(2,1,X'636F706965732F6861742E6A7067',1000,1000000000000000001,'disk',1,NULL,0);
INSERT INTO "items" VALUES(3,1,X'62E4672E6A7067',2000,1000000000000000002,'disk',2,NULL,0);
INSERT INTO "items" VALUES(4,1,X'62726F6B656E2E6A7067',7,1000000000000000003,'disk',NULL,'This picture cannot be read',0);
INSERT INTO "items" VALUES(5,2,X'616761696E2E6A7067',1000,1000000000000000004,'stick',1,NULL,0);
CREATE TABLE left_out (
        root    INTEGER NOT NULL REFERENCES roots (id) ON DELETE CASCADE,
        folder  BLOB NOT NULL,  -- relative, the one that holds them
        kind    TEXT NOT NULL,
        count   INTEGER NOT NULL,
        PRIMARY KEY (root, folder, kind)
    ) WITHOUT ROWID;
INSERT INTO "left_out" VALUES(1,X'','RAW',3);
INSERT INTO "left_out" VALUES(1,X'726177','RAW',2);
CREATE TABLE likely_words (
        model    INTEGER NOT NULL REFERENCES models (id),
        content  INTEGER NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
        packed   BLOB NOT NULL,  -- see embedding/likely_words.py
        PRIMARY KEY (model, content)
    ) WITHOUT ROWID;
INSERT INTO "likely_words" VALUES(1,2,X'000102030405060708090A0B0C0D0E0F');
CREATE TABLE models (
        id     INTEGER PRIMARY KEY,
        stamp  TEXT NOT NULL UNIQUE
    );
INSERT INTO "models" VALUES(1,'model-a');
CREATE TABLE mount_points (
        root  INTEGER NOT NULL REFERENCES roots (id) ON DELETE CASCADE,
        path  BLOB NOT NULL,  -- in the folder or above it, when it was indexed
        PRIMARY KEY (root, path)
    ) WITHOUT ROWID;
INSERT INTO "mount_points" VALUES(1,X'2F70686F746F732F737072696E672F737469636B');
CREATE TABLE roots (
        id          INTEGER PRIMARY KEY AUTOINCREMENT,
        path        BLOB NOT NULL UNIQUE,
        unfinished  INTEGER NOT NULL DEFAULT 1
    );
INSERT INTO "roots" VALUES(1,X'2F70686F746F732F737072696E67',0);
INSERT INTO "roots" VALUES(2,X'2F70686F746F732F73756D6D6572',1);
CREATE TABLE tags (
        content      INTEGER NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
        model        INTEGER NOT NULL REFERENCES models (id),
        word         INTEGER NOT NULL REFERENCES words (id),
        probability  REAL NOT NULL,
        PRIMARY KEY (model, word, content)
    ) WITHOUT ROWID;
INSERT INTO "tags" VALUES(1,1,1,0.75);
INSERT INTO "tags" VALUES(1,1,2,0.5);
CREATE TABLE "vectors" (
        content  INTEGER NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
        model    INTEGER NOT NULL REFERENCES models (id),
        vector   BLOB NOT NULL,
        UNIQUE (model, content)
    );
INSERT INTO "vectors" VALUES(1,1,X'9A99193FCDCC4C3F');
INSERT INTO "vectors" VALUES(2,1,X'0000803F00000000');
CREATE TABLE words (
        id          INTEGER PRIMARY KEY,
        vocabulary  TEXT NOT NULL,
        word        TEXT NOT NULL,
        UNIQUE (vocabulary, word)
    );
INSERT INTO "words" VALUES(1,'type','hat');
INSERT INTO "words" VALUES(2,'colour_name','red');
CREATE INDEX contents_by_size ON contents (size);
CREATE INDEX items_by_content ON items (content) WHERE content IS NOT NULL;
CREATE INDEX items_skipped ON items (root) WHERE reason IS NOT NULL;
CREATE INDEX vectors_by_content ON "vectors" (content);
CREATE INDEX tags_by_content ON tags (content);
CREATE INDEX items_searchable ON items (root, content) WHERE content IS NOT NULL;
CREATE INDEX likely_words_by_content ON likely_words (content);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('roots',2);
INSERT INTO "sqlite_sequence" VALUES('contents',2);
COMMIT;
PRAGMA application_id = 1179012676;
PRAGMA user_version = 3;
