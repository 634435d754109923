-- What the workbench shows and keeps beside the figures: token texts, labels, presets, answers, logs of jobs.

-- Texts of a model's tokens, so that a page needs neither the model's files nor its tokenizer.
CREATE TABLE vocabulary (
    model_id uuid PRIMARY KEY REFERENCES model (id) ON DELETE CASCADE,
    -- JSON array of strings in UTF-8, one per token id.
    texts bytea NOT NULL
);

-- What people call features. Rows are only added: the newest one of a feature counts, an empty text takes it away.
CREATE TABLE label (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    dictionary_id uuid NOT NULL REFERENCES dictionary (id) ON DELETE CASCADE,
    feature integer NOT NULL CHECK (feature >= 0),
    text text NOT NULL,
    author text NOT NULL,
    created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX label_dictionary_id_feature_created_at_idx ON label (dictionary_id, feature, created_at DESC);

-- Interventions under a name.
CREATE TABLE preset (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL,
    intervention jsonb NOT NULL,
    created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE UNIQUE INDEX preset_name_key ON preset (name);

-- Kept answers: the intervention with every default filled in, and what came of it.
CREATE TABLE generation (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    intervention jsonb NOT NULL,
    answer jsonb NOT NULL,
    engine text NOT NULL,
    device text NOT NULL,
    created_at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX generation_created_at_idx ON generation (created_at DESC);

-- What happened to a job, a line each.
CREATE TABLE job_log (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    job_id uuid NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    at timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    level text NOT NULL CHECK (level IN ('info', 'warning', 'error')),
    text text NOT NULL
);
CREATE INDEX job_log_job_id_id_idx ON job_log (job_id, id);

-- Counts and the density histogram of all features, made once with the statistics.
ALTER TABLE feature_set ADD COLUMN summary jsonb;

-- Token → the features that fire on it most strongly: the inverse of the strongest tokens in a feature's packed row.
CREATE TABLE feature_token (
    dictionary_id uuid NOT NULL,
    token integer NOT NULL,
    feature integer NOT NULL,
    -- Mean activation over every occurrence of the token, silent ones included.
    mean real NOT NULL,
    fires integer NOT NULL,
    occurrences integer NOT NULL,
    PRIMARY KEY (dictionary_id, token, feature)
) PARTITION BY LIST (dictionary_id);

-- A page of a sorted list continues behind the last row it has (keyset), whatever it is sorted by.
CREATE INDEX feature_density_index ON feature (dictionary_id, density, index);
CREATE INDEX feature_max_activation_index ON feature (dictionary_id, max_activation, index);
