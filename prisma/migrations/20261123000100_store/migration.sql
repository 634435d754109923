-- The heavy bytes. trainer/store reads and writes these tables over the binary protocol; Prisma does not know them.
-- They refer to harvests and dictionaries by id without foreign keys where rows come by the million: a partition is
-- made for one harvest or dictionary and dropped with it.

-- Activations: whole contexts, token-major, about 1 MB a row. Rows of one harvest are one partition, so that dropping
-- a harvest costs milliseconds. EXTERNAL: floats do not compress, and slices of a row can be read without the rest.
CREATE TABLE activation_shard (
    harvest_id uuid NOT NULL REFERENCES harvest (id),
    idx integer NOT NULL CHECK (idx >= 0),
    n_tokens integer NOT NULL CHECK (n_tokens > 0),
    dtype text NOT NULL CHECK (dtype IN ('f32', 'bf16')),
    -- Of data.
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    -- L2 norm of each row, float32 little-endian, [n_tokens].
    norms bytea NOT NULL,
    -- [n_tokens, d_in]; rows of padding are zero.
    data bytea NOT NULL,
    PRIMARY KEY (harvest_id, idx)
) PARTITION BY LIST (harvest_id);
ALTER TABLE activation_shard ALTER COLUMN data SET STORAGE EXTERNAL;

-- The contexts whose activations the shard of the same idx holds. Written when the harvest is planned, so that a
-- worker needs nothing but the database and the model.
CREATE TABLE context_shard (
    harvest_id uuid NOT NULL REFERENCES harvest (id),
    idx integer NOT NULL CHECK (idx >= 0),
    held_out boolean NOT NULL,
    -- Document number of each context.
    documents integer[] NOT NULL,
    -- Token ids, int32 little-endian, [contexts, context_size]; -1 is padding.
    tokens bytea NOT NULL,
    PRIMARY KEY (harvest_id, idx)
) PARTITION BY LIST (harvest_id);

-- Content of blobs (weights, checkpoints) in pieces of at most 1 MiB.
CREATE TABLE blob_chunk (
    blob_id uuid NOT NULL REFERENCES blob (id) ON DELETE CASCADE,
    idx integer NOT NULL CHECK (idx >= 0),
    data bytea NOT NULL,
    PRIMARY KEY (blob_id, idx)
);
ALTER TABLE blob_chunk ALTER COLUMN data SET STORAGE EXTERNAL;

-- Statistics of features: narrow columns to filter and sort by, and one packed row with everything its page shows.
-- trainer/store/partitions.ts keeps `packed` out of line, so that a scan of a million features reads 60 MB, not 2 GB.
CREATE TABLE feature (
    dictionary_id uuid NOT NULL,
    index integer NOT NULL,
    density real NOT NULL,
    fire_count bigint NOT NULL,
    max_activation real NOT NULL,
    mean_activation real NOT NULL,
    packed bytea NOT NULL,
    PRIMARY KEY (dictionary_id, index)
) PARTITION BY LIST (dictionary_id);

-- Where a token's activation lies: shard, row within the shard. A context's number is
-- shard * contexts_per_shard + its place in the shard.
CREATE FUNCTION loupe_locate(harvest uuid, context integer, "position" integer, OUT shard integer, OUT shard_row integer)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    layout record;
BEGIN
    SELECT h.context_size, h.contexts_per_shard, h.shards INTO layout FROM harvest h WHERE h.id = loupe_locate.harvest;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no harvest %', harvest;
    END IF;
    IF loupe_locate."position" NOT BETWEEN 0 AND layout.context_size - 1 THEN
        RAISE EXCEPTION 'position % is outside a context of % tokens', loupe_locate."position", layout.context_size;
    END IF;
    shard := context / layout.contexts_per_shard;
    IF context < 0 OR shard >= layout.shards THEN
        RAISE EXCEPTION 'context % is outside the harvest', context;
    END IF;
    shard_row := (context % layout.contexts_per_shard) * layout.context_size + loupe_locate."position";
END
$$;

-- Little-endian f32 or bf16 bytes as numbers.
CREATE FUNCTION loupe_decode(bytes bytea, dtype text) RETURNS real[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    WITH layout AS (
        SELECT CASE dtype WHEN 'f32' THEN 4 WHEN 'bf16' THEN 2 END AS width
    ), word AS (
        -- bf16 is the upper half of an f32.
        SELECT i, CASE WHEN width = 4 THEN get_byte(bytes, i * 4)::bigint + (get_byte(bytes, i * 4 + 1)::bigint << 8) ELSE 0 END
               + (get_byte(bytes, (i + 1) * width - 2)::bigint << 16)
               + (get_byte(bytes, (i + 1) * width - 1)::bigint << 24) AS bits
        FROM layout, generate_series(0, octet_length(bytes) / width - 1) AS i
    ), part AS (
        SELECT i, CASE WHEN bits >> 31 = 1 THEN -1.0::float8 ELSE 1.0 END AS sign,
               ((bits >> 23) & 255)::integer AS exponent, (bits & 8388607)::float8 AS mantissa
        FROM word
    )
    SELECT coalesce(array_agg((sign * CASE
        WHEN exponent = 255 AND mantissa = 0 THEN 'Infinity'::float8
        WHEN exponent = 255 THEN 'NaN'::float8
        WHEN exponent = 0 THEN mantissa * 2::float8 ^ -149
        ELSE (mantissa + 8388608) * 2::float8 ^ (exponent - 150)
    END)::real ORDER BY i), '{}')
    FROM part
$$;

-- The activation of one token, [d_in].
CREATE FUNCTION loupe_activation(harvest uuid, context integer, "position" integer) RETURNS real[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
    place record;
    found real[];
BEGIN
    SELECT * INTO place FROM loupe_locate(harvest, context, "position");
    SELECT loupe_decode(substring(s.data FROM place.shard_row * width + 1 FOR width), s.dtype) INTO found
    FROM activation_shard s, LATERAL (SELECT octet_length(s.data) / s.n_tokens AS width) AS layout
    WHERE s.harvest_id = harvest AND s.idx = place.shard AND place.shard_row < s.n_tokens;
    IF found IS NULL THEN
        RAISE EXCEPTION 'context % is not stored (shard %)', context, place.shard;
    END IF;
    RETURN found;
END
$$;

-- The id of one token; NULL for padding.
CREATE FUNCTION loupe_token(harvest uuid, context integer, "position" integer) RETURNS integer
LANGUAGE plpgsql STABLE AS $$
DECLARE
    place record;
    bytes bytea;
    id integer;
BEGIN
    SELECT * INTO place FROM loupe_locate(harvest, context, "position");
    SELECT substring(s.tokens FROM place.shard_row * 4 + 1 FOR 4) INTO bytes
    FROM context_shard s WHERE s.harvest_id = harvest AND s.idx = place.shard;
    IF bytes IS NULL OR octet_length(bytes) < 4 THEN
        RAISE EXCEPTION 'context % is not stored (shard %)', context, place.shard;
    END IF;
    -- Shifting into the sign bit is meant.
    id := get_byte(bytes, 0) | (get_byte(bytes, 1) << 8) | (get_byte(bytes, 2) << 16) | (get_byte(bytes, 3) << 24);
    RETURN nullif(id, -1);
END
$$;
