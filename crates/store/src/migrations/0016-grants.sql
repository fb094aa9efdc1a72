-- Grants that others have published, and what is searched for them. They are public and never changed: a portfolio comes
-- whole and goes whole. Numbers are given by the program (segment × 65,536 + place), not by the database.

CREATE TABLE portfolios (
    id ID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    state VARCHAR(20) NOT NULL,
    file TEXT NOT NULL,
    hash VARCHAR(64) NOT NULL,
    publisher TEXT NOT NULL,
    title TEXT,
    licence TEXT,
    address TEXT,
    grants BIGINT NOT NULL,
    begun_at MOMENT NOT NULL,
    seen_at MOMENT NOT NULL,
    imported_at MOMENT
);
CREATE INDEX portfolios_state ON portfolios (state, name);

CREATE TABLE grant_segments (
    number NUMBER_KEY,
    portfolio_id ID NOT NULL REFERENCES portfolios (id),
    grants BIGINT NOT NULL,
    columns BYTES NOT NULL
);
CREATE INDEX grant_segments_portfolio ON grant_segments (portfolio_id, number);

CREATE TABLE grant_words (
    bucket BIGINT NOT NULL,
    segment BIGINT NOT NULL REFERENCES grant_segments (number),
    words BYTES NOT NULL,
    PRIMARY KEY (bucket, segment)
);
CREATE INDEX grant_words_segment ON grant_words (segment);
-- They are packed already.
postgres: ALTER TABLE grant_words ALTER COLUMN words SET STORAGE EXTERNAL;
postgres: ALTER TABLE grant_segments ALTER COLUMN columns SET STORAGE EXTERNAL;

CREATE TABLE published_grants (
    number NUMBER_KEY,
    portfolio_id ID NOT NULL REFERENCES portfolios (id),
    grant_id TEXT NOT NULL,
    title TEXT NOT NULL,
    funder_id TEXT NOT NULL,
    funder TEXT NOT NULL,
    recipient_id TEXT,
    recipient TEXT NOT NULL,
    programme TEXT,
    area TEXT,
    amount BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    awarded_on DAY NOT NULL,
    place TEXT NOT NULL,
    document TEXT NOT NULL
);
CREATE UNIQUE INDEX published_grants_id ON published_grants (grant_id, portfolio_id);
