/** Made by `npm run generate` from the routes of lib/api; do not edit. */
export interface paths {
    "/api/v1/dictionaries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List all dictionaries */
        get: operations["getDictionaries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dictionaries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One dictionary: what it is, how good it is, the state of its feature statistics */
        get: operations["getDictionariesId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dictionaries/{id}/dashboards": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start counting the feature statistics
         * @description Puts a job into the queue, or returns the unfinished job with the same options.
         */
        post: operations["postDictionariesIdDashboards"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dictionaries/{id}/evaluate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start an evaluation
         * @description Puts a job into the queue, or returns the unfinished job with the same options.
         */
        post: operations["postDictionariesIdEvaluate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dictionaries/{id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download features, activations or labels as one file
         * @description Rows are read as fast as the client reads them; the server stores nothing.
         */
        get: operations["getDictionariesIdExport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dictionaries/{id}/suite": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sparse probing, absorption, influence and the core figures, with their definitions */
        get: operations["getDictionariesIdSuite"];
        put?: never;
        /**
         * Start the suite, or some of its parts
         * @description Puts a job into the queue, or returns the unfinished job with the same options. Only the command line accepts labelled files.
         */
        post: operations["postDictionariesIdSuite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dictionaries/{id}/features": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List features, sorted and filtered, page by page
         * @description Pages continue behind a key, so features that are added or changed in between do not shift them.
         */
        get: operations["getDictionariesIdFeatures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dictionaries/{id}/features/random": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Pick a feature at random */
        get: operations["getDictionariesIdFeaturesRandom"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dictionaries/{id}/features/{index}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything that is known about one feature
         * @description An example is a window around the token it stands for, or everything that is stored of its context.
         */
        get: operations["getDictionariesIdFeaturesIndex"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dictionaries/{id}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find tokens of the dictionary’s model by their text
         * @description Best first: the exact text, then without regard to case and a leading space, beginnings, parts.
         */
        get: operations["getDictionariesIdTokens"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dictionaries/{id}/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Find features by number, label or token */
        get: operations["getDictionariesIdSearch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dictionaries/{id}/features/{index}/labels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All labels that a feature has had */
        get: operations["getDictionariesIdFeaturesIndexLabels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dictionaries/{id}/features/{index}/label": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Label a feature, or remove its label
         * @description Every change is kept in the history.
         */
        put: operations["putDictionariesIdFeaturesIndexLabel"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare two dictionaries: which features point the same way
         * @description For every feature, its best match in the other dictionary by cosine of decoder directions, both ways. The first request computes it (seconds for wide dictionaries), and the result is stored. Refused for dictionaries that read or write different models, hooks or widths.
         */
        get: operations["getCompare"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which processes are running */
        get: operations["getStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description, as OpenAPI 3.1 */
        get: operations["getOpenapijson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/encode": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Encode a text with dictionaries of one model
         * @description Runs the model on the text up to the dictionaries’ hooks, and returns the strongest features of every token with the figures of these features.
         */
        post: operations["postEncode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List models with their sizes and hooks */
        get: operations["getModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/steer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Continue one prompt without edits and with edits inside the model
         * @description All answers of an intervention are rows of one batch and use one seed, so that any difference is caused by the edits. The answer is one JSON object at the end, or events while it is computed: `queued` (while other requests run before it), `start`, one `token` for each token, `end`; `error` when it fails after the start. Cancelling the request stops the computation. Requests with the same `x-loupe-client` share one place in the queue.
         */
        post: operations["postSteer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/presets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List presets of steering */
        get: operations["getPresets"];
        put?: never;
        /** Save an intervention under a name */
        post: operations["postPresets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/presets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One preset */
        get: operations["getPresetsId"];
        /** Change a preset’s name, its intervention, or both */
        put: operations["putPresetsId"];
        post?: never;
        /** Delete a preset */
        delete: operations["deletePresetsId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/generations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List kept answers, newest first */
        get: operations["getGenerations"];
        put?: never;
        /**
         * Keep an answer of steering with its intervention
         * @description The same intervention gives the same tokens again on the same engine.
         */
        post: operations["postGenerations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/generations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One kept answer */
        get: operations["getGenerationsId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dictionaries/{id}/figures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Some features in short */
        get: operations["getDictionariesIdFigures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List training runs */
        get: operations["getRuns"];
        put?: never;
        /**
         * Start a training run
         * @description Puts the run into the queue; a worker (npx loupe worker) takes it. Settings, name and memory are checked first.
         */
        post: operations["postRuns"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One training run: state, settings, newest figures, checkpoints */
        get: operations["getRunsId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Figures along a run
         * @description The limit is about 2000 points: more are thinned evenly; the newest and all held-out ones stay. To follow a run, ask again from the last step seen: it may have held-out figures now.
         */
        get: operations["getRunsIdMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a run shows at its end: density of latents with the Zipf fit, single tokens, gradients */
        get: operations["getRunsIdPicture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sweeps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List sweeps */
        get: operations["getSweeps"];
        put?: never;
        /**
         * Start a sweep
         * @description Checks every run first, like a single run; then all of them go into the queue, or none. Each is a job for any worker.
         */
        post: operations["postSweeps"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sweeps/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Plan a sweep: its runs, their memory, a rough time
         * @description Fails with the same errors as starting the sweep. Nothing is written.
         */
        post: operations["postSweepsPlan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sweeps/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One sweep: its runs with their figures and dictionaries */
        get: operations["getSweepsId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sweeps/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel the runs of a sweep that are not finished
         * @description What is stored stays; “retry” continues from there.
         */
        post: operations["postSweepsIdCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sweeps/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put every run of a sweep that is not finished back into the queue
         * @description Failed and cancelled runs continue from their newest checkpoint.
         */
        post: operations["postSweepsIdRetry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sweeps/{id}/evaluate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start an evaluation of every dictionary of a sweep that has none
         * @description All on the same held-out tokens of the harvest they were trained on. Each is a job.
         */
        post: operations["postSweepsIdEvaluate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/architectures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Kinds of sparse autoencoders that can be trained, with their settings */
        get: operations["getArchitectures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/harvests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List harvests */
        get: operations["getHarvests"];
        put?: never;
        /**
         * Start a harvest
         * @description Checks model, hooks, sizes and name, then queues a job. A worker (npx loupe worker) reads the corpus and computes the harvest. If a harvest of this name is made from the same things, it is returned and continues. Only corpora with a name are allowed; text files are for the command line.
         */
        post: operations["postHarvests"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/harvests/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One harvest: what it is made from, what it holds, the runs trained on it */
        get: operations["getHarvestsId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List jobs, page by page */
        get: operations["getJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One job: progress, speed, parts, who works on it, its result */
        get: operations["getJobsId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lines of a job’s log
         * @description Without "after" the newest lines; with it, the lines written since, to follow a job.
         */
        get: operations["getJobsIdLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a job
         * @description A worker that is busy with it stops at its next check. What is stored stays; a job that has ended is left as it is.
         */
        post: operations["postJobsIdCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put a failed or cancelled job back into the queue
         * @description The job continues where it stopped: finished parts stay finished, and a run continues from its newest checkpoint.
         */
        post: operations["postJobsIdRetry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Error: {
            error: {
                /** @description One of bad-usage, bad-input, forbidden, not-found, wrong-method, conflict, mismatch, too-large, unsupported, cancelled, unavailable, timeout, disk-full, internal */
                code: string;
                /** @description What is wrong and what is expected */
                message: string;
                /** @description What to do about it */
                remedy: string | null;
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getDictionaries: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Newest first */
                        dictionaries: {
                            /** @description Id of the dictionary */
                            id: string;
                            /** @description Name of the dictionary */
                            name: string;
                            /** @description Null for a dictionary that is attached to no model here */
                            model: {
                                /** @description Id of the model */
                                id: string;
                                /** @description Name of the model */
                                name: string;
                            } | null;
                            /** @description Where in the model it reads */
                            hook: string | null;
                            /** @description Where a transcoder writes; null where that is not known, and for others */
                            targetHook: string | null;
                            /** @description How codes are computed */
                            architecture: string;
                            /** @description Width of an activation */
                            dIn: number;
                            /** @description Number of features */
                            dSae: number;
                            /** @description As stored with the weights */
                            config: {
                                [key: string]: unknown;
                            };
                            /**
                             * @description Trained here, or imported
                             * @enum {string}
                             */
                            origin: "run" | "import";
                            /**
                             * Format: date-time
                             * @description When it was made
                             */
                            createdAt: string;
                            /** @description The training it came from */
                            run: {
                                /** @description Id of the run */
                                id: string;
                                /** @description Name of the run */
                                name: string;
                            } | null;
                            /** @description Null before the first measurement */
                            figures: {
                                /**
                                 * @description The newest evaluation without first positions and sinks, else what the run measured at its end
                                 * @enum {string}
                                 */
                                source: "evaluation" | "run";
                                /** @description False where there are no held-out tokens: the figures are of training tokens then */
                                heldOut: boolean;
                                /** @description Where they were measured; null when it was deleted */
                                harvest: {
                                    /** @description Id of the harvest */
                                    id: string;
                                    /** @description Name of the harvest */
                                    name: string;
                                } | null;
                                /** @description Tokens of L0 and of the dead share */
                                tokens: number;
                                /** @description Library, device, instruction sets and threads that computed them */
                                engine: string;
                                /**
                                 * Format: date-time
                                 * @description When they were measured
                                 */
                                measuredAt: string;
                                /** @description Mean number of active features per token */
                                l0: number | null;
                                /** @description 1 − E‖x − x̂‖² / E‖x − Ex‖²; a share */
                                explainedVariance: number | null;
                                /** @description Tokens of the explained variance: at the end of a run a sample of the held-out tokens */
                                explainedVarianceTokens: number;
                                /** @description Share of the features that were silent on all of these tokens */
                                deadShare: number | null;
                                /** @description Share of the model’s cross-entropy kept with x̂ in the place of x; only evaluations measure it */
                                crossEntropyRecovered: number | null;
                                /** @description Predictions of the cross-entropy */
                                crossEntropyTokens: number | null;
                            } | null;
                            /** @description Null before the features are counted for the first time */
                            features: {
                                /**
                                 * @description Of the job that counts the features
                                 * @enum {string}
                                 */
                                status: "pending" | "running" | "finished" | "failed" | "cancelled";
                                /** @description Tokens counted over; 0 until finished */
                                tokens: number;
                                /** @description The texts counted over */
                                harvest: {
                                    /** @description Id of the harvest */
                                    id: string;
                                    /** @description Name of the harvest */
                                    name: string;
                                };
                                /** @description Null until finished */
                                summary: {
                                    /** @description features counted */
                                    features: number;
                                    /** @description features that fire at least once */
                                    live: number;
                                    /** @description features that never fire */
                                    dead: number;
                                    /** @description tokens the statistics were counted over */
                                    tokens: number;
                                    /** @description histogram of the live features */
                                    density: {
                                        /** @description bounds of the bins: log10 of the share of tokens a feature fires on */
                                        edges: number[];
                                        /** @description live features in each bin; the first one also holds rarer ones */
                                        counts: number[];
                                    };
                                    /** @description quantiles of the largest activation of each live feature; empty where none is live */
                                    maxActivation: {
                                        share: number;
                                        value: number;
                                    }[];
                                    /** @description Zipf law by least squares in log density; null where there is too little to fit */
                                    zipf?: {
                                        /** @description s of scale · (rank + offset)^−s */
                                        exponent: number;
                                        /** @description Added to the rank */
                                        offset: number;
                                        /** @description Factor */
                                        scale: number;
                                        /** @description Share of the variance of log density that the law explains, on the ranks fitted */
                                        r2: number;
                                        /** @description Ranks fitted: the first 90% of the live features */
                                        ranks: number;
                                    } | null;
                                } | null;
                            } | null;
                        }[];
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDictionariesId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the dictionary, or its name (URL-encoded) */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id of the dictionary */
                        id: string;
                        /** @description Name of the dictionary */
                        name: string;
                        /** @description Null for a dictionary that is attached to no model here */
                        model: {
                            /** @description Id of the model */
                            id: string;
                            /** @description Name of the model */
                            name: string;
                        } | null;
                        /** @description Where in the model it reads */
                        hook: string | null;
                        /** @description Where a transcoder writes; null where that is not known, and for others */
                        targetHook: string | null;
                        /** @description How codes are computed */
                        architecture: string;
                        /** @description Width of an activation */
                        dIn: number;
                        /** @description Number of features */
                        dSae: number;
                        /** @description As stored with the weights */
                        config: {
                            [key: string]: unknown;
                        };
                        /**
                         * @description Trained here, or imported
                         * @enum {string}
                         */
                        origin: "run" | "import";
                        /**
                         * Format: date-time
                         * @description When it was made
                         */
                        createdAt: string;
                        /** @description The training it came from */
                        run: {
                            /** @description Id of the run */
                            id: string;
                            /** @description Name of the run */
                            name: string;
                        } | null;
                        /** @description Null before the first measurement */
                        figures: {
                            /**
                             * @description The newest evaluation without first positions and sinks, else what the run measured at its end
                             * @enum {string}
                             */
                            source: "evaluation" | "run";
                            /** @description False where there are no held-out tokens: the figures are of training tokens then */
                            heldOut: boolean;
                            /** @description Where they were measured; null when it was deleted */
                            harvest: {
                                /** @description Id of the harvest */
                                id: string;
                                /** @description Name of the harvest */
                                name: string;
                            } | null;
                            /** @description Tokens of L0 and of the dead share */
                            tokens: number;
                            /** @description Library, device, instruction sets and threads that computed them */
                            engine: string;
                            /**
                             * Format: date-time
                             * @description When they were measured
                             */
                            measuredAt: string;
                            /** @description Mean number of active features per token */
                            l0: number | null;
                            /** @description 1 − E‖x − x̂‖² / E‖x − Ex‖²; a share */
                            explainedVariance: number | null;
                            /** @description Tokens of the explained variance: at the end of a run a sample of the held-out tokens */
                            explainedVarianceTokens: number;
                            /** @description Share of the features that were silent on all of these tokens */
                            deadShare: number | null;
                            /** @description Share of the model’s cross-entropy kept with x̂ in the place of x; only evaluations measure it */
                            crossEntropyRecovered: number | null;
                            /** @description Predictions of the cross-entropy */
                            crossEntropyTokens: number | null;
                        } | null;
                        /** @description Null before the features are counted for the first time */
                        features: {
                            /**
                             * @description Of the job that counts the features
                             * @enum {string}
                             */
                            status: "pending" | "running" | "finished" | "failed" | "cancelled";
                            /** @description Tokens counted over; 0 until finished */
                            tokens: number;
                            /** @description The texts counted over */
                            harvest: {
                                /** @description Id of the harvest */
                                id: string;
                                /** @description Name of the harvest */
                                name: string;
                            };
                            /** @description Null until finished */
                            summary: {
                                /** @description features counted */
                                features: number;
                                /** @description features that fire at least once */
                                live: number;
                                /** @description features that never fire */
                                dead: number;
                                /** @description tokens the statistics were counted over */
                                tokens: number;
                                /** @description histogram of the live features */
                                density: {
                                    /** @description bounds of the bins: log10 of the share of tokens a feature fires on */
                                    edges: number[];
                                    /** @description live features in each bin; the first one also holds rarer ones */
                                    counts: number[];
                                };
                                /** @description quantiles of the largest activation of each live feature; empty where none is live */
                                maxActivation: {
                                    share: number;
                                    value: number;
                                }[];
                                /** @description Zipf law by least squares in log density; null where there is too little to fit */
                                zipf?: {
                                    /** @description s of scale · (rank + offset)^−s */
                                    exponent: number;
                                    /** @description Added to the rank */
                                    offset: number;
                                    /** @description Factor */
                                    scale: number;
                                    /** @description Share of the variance of log density that the law explains, on the ranks fitted */
                                    r2: number;
                                    /** @description Ranks fitted: the first 90% of the live features */
                                    ranks: number;
                                } | null;
                            } | null;
                        } | null;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postDictionariesIdDashboards: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the dictionary, or its name (URL-encoded) */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description harvest to count over; default the one it was trained on */
                    harvest?: string;
                    /**
                     * @description limit of the tokens to count over
                     * @default 1000000
                     */
                    tokens?: number;
                    /**
                     * @description which random examples are drawn
                     * @default 0
                     */
                    seed?: number;
                };
            };
        };
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: uuid
                         * @description Follow it at /api/v1/jobs/{id}
                         */
                        job: string;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postDictionariesIdEvaluate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the dictionary, or its name (URL-encoded) */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description harvest to measure on; default the one it was trained on */
                    harvest?: string;
                    /**
                     * @description held-out tokens of the cross-entropy triple
                     * @default 8192
                     */
                    tokens?: number;
                    /**
                     * @description splice and count first positions and attention sinks too, to see their effect on the figures
                     * @default false
                     */
                    includeExcluded?: boolean;
                };
            };
        };
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: uuid
                         * @description Follow it at /api/v1/jobs/{id}
                         */
                        job: string;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDictionariesIdExport: {
        parameters: {
            query: {
                /** @description Which table; neuronpedia contains all of them */
                what?: "features" | "activations" | "labels" | "all";
                /** @description Format of the file */
                format: "jsonl" | "csv" | "parquet" | "neuronpedia";
            };
            header?: never;
            path: {
                /** @description Id of the dictionary, or its name (URL-encoded) */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description JSON, or a stream always; the media type is that of the format */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "application/octet-stream": string;
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDictionariesIdSuite: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the dictionary, or its name (URL-encoded) */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The newest result of each part that was measured */
                        results: {
                            /** @description Id of the evaluation */
                            id: string;
                            /**
                             * @description Part of the suite
                             * @enum {string}
                             */
                            name: "core" | "sparse-probing" | "absorption" | "influence";
                            /** @description Name for people */
                            label: string;
                            /** @description What it measures */
                            summary: string;
                            source: {
                                /** @description Authors and year */
                                text: string;
                                /** @description Address of the paper */
                                href: string;
                            };
                            /** @description What a reader must know to judge the figures */
                            caveat: string | null;
                            /** @description What the figures come from, in words that the name of the harvest follows */
                            measuredOn: string;
                            /**
                             * Format: date-time
                             * @description When it was measured
                             */
                            createdAt: string;
                            /** @description Library, device, instruction sets and threads that computed it */
                            engine: string;
                            /** @description cpu or cuda */
                            device: string;
                            /** @description Name of the harvest measured on; null when it was deleted */
                            harvest: string | null;
                            /** @description Name of the dictionary compared with */
                            control: string | null;
                            /** @description Sizes, choices and seed */
                            settings: {
                                [key: string]: unknown;
                            };
                            /** @description Seconds of computing, over all parts */
                            seconds: number;
                            /** @description What was measured on, and what was left out */
                            notes: string[];
                            /** @description The figures */
                            tables: {
                                /** @description Name of the table */
                                name: string;
                                /** @description Title for people */
                                title: string;
                                /** @description Columns in order */
                                columns: {
                                    [key: string]: {
                                        /** @description Name for people */
                                        label: string;
                                        /** @description What the figure is */
                                        formula: string;
                                        /** @description Empty where it has none */
                                        unit: string;
                                        /**
                                         * @description Which way is better
                                         * @enum {string}
                                         */
                                        direction: "up" | "down" | "none";
                                        /** @description True for columns of words */
                                        isText?: boolean;
                                    };
                                };
                                /** @description True for tables that are long */
                                isDetail?: boolean;
                                /** @description Cells by column; null where a figure is not defined */
                                rows: {
                                    [key: string]: string | number | {
                                        /** @description Measured on all data */
                                        value: number;
                                        /** @description 2.5th percentile of the bootstrap */
                                        low: number;
                                        /** @description 97.5th percentile of the bootstrap */
                                        high: number;
                                    } | null;
                                }[];
                            }[];
                        }[];
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postDictionariesIdSuite: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the dictionary, or its name (URL-encoded) */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description what is measured: one or more, or all */
                    suite: ("all" | "core" | "sparse-probing" | "absorption" | "influence")[];
                    /** @description harvest with the held-out text; default the one it was trained on */
                    harvest?: string;
                    /** @description dictionary of the same model and hook to compare the influence with */
                    control?: string;
                    /** @description held-out tokens of the cross-entropy triple (default 8192) */
                    tokens?: number;
                    /** @description texts that probes are trained on, over all classes (default 1500) */
                    trainTexts?: number;
                    /** @description texts of other documents that they are tested on (default 450) */
                    testTexts?: number;
                    /** @description tokens of a text (default 128) */
                    textTokens?: number;
                    /** @description which texts, words, contexts and directions are drawn (default 0) */
                    seed?: number;
                    /** @description number of one-token words, over all letters; a fifth of them is held out (default 6000) */
                    words?: number;
                    /** @description F1 a letter’s probe must reach for the letter to count (default 0.6) */
                    probeF1?: number;
                    /** @description live latents drawn, and as many random directions (default 100) */
                    features?: number;
                    /** @description held-out contexts drawn (default 16) */
                    contexts?: number;
                    /** @description tokens of a context; the last one is changed (default 64) */
                    prefix?: number;
                    /** @description held-out tokens on which a latent must fire to count as live (default 32768) */
                    liveTokens?: number;
                };
            };
        };
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: uuid
                         * @description Follow it at /api/v1/jobs/{id}
                         */
                        job: string;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDictionariesIdFeatures: {
        parameters: {
            query?: {
                /** @description index, density, max (largest activation), mean (activation over firings), label (unlabelled last), match (only with token) */
                sort?: "index" | "density" | "max" | "mean" | "label" | "match";
                /** @description asc or desc */
                order?: "asc" | "desc";
                /** @description cursor of the previous page: its "next" */
                after?: string;
                /** @description text contained in the label, without regard to case */
                label?: string;
                /** @description features per page */
                limit?: number;
                /** @description smallest share of tokens on which the feature fires */
                minDensity?: number;
                /** @description largest share of tokens on which the feature fires */
                maxDensity?: number;
                /** @description lower bound of the largest activation */
                minMax?: number;
                /** @description true: features that fire; false: features that never do */
                live?: string;
                /** @description true: features with a label; false: those without */
                labelled?: string;
                /** @description features that fire most strongly on any of these token ids; several with commas */
                token?: string | string[];
                /** @description the same for every token of this spelling, without regard to case and spaces around it */
                tokenText?: string;
            };
            header?: never;
            path: {
                /** @description Id of the dictionary, or its name (URL-encoded) */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        features: {
                            /** @description Index of the feature */
                            index: number;
                            /** @description Share of the counted tokens on which it fires */
                            density: number;
                            /** @description Counted tokens on which it fires */
                            fireCount: number;
                            /** @description Largest activation over the counted tokens */
                            maxActivation: number;
                            /** @description Mean activation over the tokens on which it fires */
                            meanActivation: number;
                            /** @description Tokens it fires on most strongly, strongest first; the limit is five */
                            topTokens: {
                                /** @description Token id */
                                token: number;
                                /** @description The token as it appears in running text */
                                text: string;
                                /** @description Mean activation over every occurrence of the token, silent ones included */
                                mean: number;
                            }[];
                            label: {
                                /** @description What the feature is called; in a history, an empty text stands for a removal */
                                text: string;
                                /** @description Who wrote it */
                                author: string;
                                /**
                                 * Format: date-time
                                 * @description When it was written
                                 */
                                createdAt: string;
                            } | null;
                            /** @description With token or tokenText: largest mean activation on one of these tokens */
                            match?: number;
                        }[];
                        /** @description Send it as "after" to get the next page; null on the last one */
                        next: string | null;
                        /** @description Features that match; with a filter, counting stops at 10 000 */
                        total: number;
                        /** @description False where more features match than were counted */
                        totalIsExact: boolean;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDictionariesIdFeaturesRandom: {
        parameters: {
            query?: {
                /** @description Only features that fire */
                live?: string;
            };
            header?: never;
            path: {
                /** @description Id of the dictionary, or its name (URL-encoded) */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Index of the feature */
                        index: number;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDictionariesIdFeaturesIndex: {
        parameters: {
            query?: {
                /** @description Limit of the examples in each group */
                examples?: number;
                /** @description Return each example with 128 tokens before and after */
                full?: string;
            };
            header?: never;
            path: {
                /** @description Id of the dictionary, or its name (URL-encoded) */
                id: string;
                /** @description Index of the feature */
                index: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Index of the feature */
                        index: number;
                        /** @description Share of the counted tokens on which it fires */
                        density: number;
                        /** @description Counted tokens on which it fires */
                        fireCount: number;
                        /** @description Largest activation over the counted tokens */
                        maxActivation: number;
                        /** @description Mean activation over the tokens on which it fires */
                        meanActivation: number;
                        /** @description Tokens the statistics were counted over */
                        tokens: number;
                        /** @description The texts they were counted over */
                        harvest: {
                            /** @description Id */
                            id: string;
                            /** @description Name */
                            name: string;
                        };
                        label: {
                            /** @description What the feature is called; in a history, an empty text stands for a removal */
                            text: string;
                            /** @description Who wrote it */
                            author: string;
                            /**
                             * Format: date-time
                             * @description When it was written
                             */
                            createdAt: string;
                        } | null;
                        /** @description Newest first */
                        labelHistory: {
                            /** @description What the feature is called; in a history, an empty text stands for a removal */
                            text: string;
                            /** @description Who wrote it */
                            author: string;
                            /**
                             * Format: date-time
                             * @description When it was written
                             */
                            createdAt: string;
                        }[];
                        examples: {
                            /** @description Strongest first, one of each context */
                            top: {
                                /** @description Number of the context in the harvest */
                                context: number;
                                /** @description Number of the document in the corpus */
                                document: number | null;
                                /** @description Position in the context that the example stands for */
                                position: number;
                                /** @description Activation at this position */
                                activation: number;
                                /** @description Position of the first token shown; position − start is the place of the example’s own token */
                                start: number;
                                /** @description Without padding; empty when the contexts of the harvest no longer exist */
                                tokens: {
                                    /** @description Token id */
                                    id: number;
                                    /** @description The token as it appears in running text */
                                    text: string;
                                    /** @description Activation at this token; 0 where it is silent */
                                    value: number;
                                }[];
                                /** @description Whether the context has more tokens before */
                                before: boolean;
                                /** @description Whether the context has more tokens after */
                                after: boolean;
                            }[];
                            intervals: {
                                /** @description Share of the feature’s activations */
                                from: number;
                                /** @description Share of the feature’s activations */
                                to: number;
                                /** @description Activation at "from" */
                                lower: number;
                                /** @description Activation at "to" */
                                upper: number;
                                /** @description Drawn from the interval */
                                examples: {
                                    /** @description Number of the context in the harvest */
                                    context: number;
                                    /** @description Number of the document in the corpus */
                                    document: number | null;
                                    /** @description Position in the context that the example stands for */
                                    position: number;
                                    /** @description Activation at this position */
                                    activation: number;
                                    /** @description Position of the first token shown; position − start is the place of the example’s own token */
                                    start: number;
                                    /** @description Without padding; empty when the contexts of the harvest no longer exist */
                                    tokens: {
                                        /** @description Token id */
                                        id: number;
                                        /** @description The token as it appears in running text */
                                        text: string;
                                        /** @description Activation at this token; 0 where it is silent */
                                        value: number;
                                    }[];
                                    /** @description Whether the context has more tokens before */
                                    before: boolean;
                                    /** @description Whether the context has more tokens after */
                                    after: boolean;
                                }[];
                            }[];
                            /** @description Drawn from all tokens on which it fires */
                            random: {
                                /** @description Number of the context in the harvest */
                                context: number;
                                /** @description Number of the document in the corpus */
                                document: number | null;
                                /** @description Position in the context that the example stands for */
                                position: number;
                                /** @description Activation at this position */
                                activation: number;
                                /** @description Position of the first token shown; position − start is the place of the example’s own token */
                                start: number;
                                /** @description Without padding; empty when the contexts of the harvest no longer exist */
                                tokens: {
                                    /** @description Token id */
                                    id: number;
                                    /** @description The token as it appears in running text */
                                    text: string;
                                    /** @description Activation at this token; 0 where it is silent */
                                    value: number;
                                }[];
                                /** @description Whether the context has more tokens before */
                                before: boolean;
                                /** @description Whether the context has more tokens after */
                                after: boolean;
                            }[];
                        };
                        /** @description Firings by activation; one more edge than counts */
                        histogram: {
                            edges: number[];
                            counts: number[];
                        };
                        logits: {
                            /**
                             * @description How the direct effect on the next token was computed; none where the hook has no direct path to it
                             * @enum {string}
                             */
                            method: "none" | "final-norm+unembedding" | "unembedding";
                            /** @description Most promoted first */
                            top: {
                                /** @description Token id */
                                token: number;
                                /** @description The token as it appears in running text */
                                text: string;
                                /** @description Effect of one unit of activation */
                                logit: number;
                            }[];
                            /** @description Most suppressed first */
                            bottom: {
                                /** @description Token id */
                                token: number;
                                /** @description The token as it appears in running text */
                                text: string;
                                /** @description Effect of one unit of activation */
                                logit: number;
                            }[];
                        };
                        neighbours: {
                            /** @description Index of the feature */
                            feature: number;
                            /** @description Of the decoder directions */
                            cosine: number;
                            /** @description Null where the neighbour has no statistics yet */
                            density: number | null;
                            label: {
                                /** @description What the feature is called; in a history, an empty text stands for a removal */
                                text: string;
                                /** @description Who wrote it */
                                author: string;
                                /**
                                 * Format: date-time
                                 * @description When it was written
                                 */
                                createdAt: string;
                            } | null;
                        }[];
                        topTokens: {
                            /** @description Token id */
                            token: number;
                            /** @description The token as it appears in running text */
                            text: string;
                            /** @description Mean activation over every occurrence of the token, silent ones included */
                            mean: number;
                            /** @description Occurrences on which it fires */
                            fires: number;
                            /** @description Occurrences among the counted tokens */
                            occurrences: number;
                        }[];
                        /** @description The nearest smaller index that has statistics */
                        previous: number | null;
                        /** @description The nearest larger index that has statistics */
                        next: number | null;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDictionariesIdTokens: {
        parameters: {
            query?: {
                /** @description Text of the token, or a part of it; spaces count */
                text?: string;
                /** @description Instead of a text: ids of tokens, several with commas */
                token?: string | string[];
                /** @description Limit of the list */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Id of the dictionary, or its name (URL-encoded) */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        tokens: {
                            /** @description Token id */
                            token: number;
                            /** @description The token as it appears in running text */
                            text: string;
                            /** @description Features that count it among the tokens they fire on most strongly */
                            features: number;
                        }[];
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDictionariesIdSearch: {
        parameters: {
            query: {
                /** @description A number, a part of a label, or a token */
                text: string;
                /** @description Limit of the list */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Id of the dictionary, or its name (URL-encoded) */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        features: {
                            /** @description Index of the feature */
                            index: number;
                            label: {
                                /** @description What the feature is called; in a history, an empty text stands for a removal */
                                text: string;
                                /** @description Who wrote it */
                                author: string;
                                /**
                                 * Format: date-time
                                 * @description When it was written
                                 */
                                createdAt: string;
                            } | null;
                            /**
                             * @description What matched
                             * @enum {string}
                             */
                            by: "number" | "label" | "token";
                            /** @description The same in words */
                            why: string;
                            /** @description Share of the counted tokens on which it fires */
                            density: number;
                            /** @description Largest activation over the counted tokens */
                            maxActivation: number;
                            /** @description The matching token it fires on most strongly */
                            token?: {
                                /** @description Token id */
                                token: number;
                                /** @description The token as it appears in running text */
                                text: string;
                                /** @description Mean activation over every occurrence of the token, silent ones included */
                                mean: number;
                            };
                        }[];
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDictionariesIdFeaturesIndexLabels: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the dictionary, or its name (URL-encoded) */
                id: string;
                /** @description Index of the feature */
                index: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Newest first */
                        labels: {
                            /** @description What the feature is called; in a history, an empty text stands for a removal */
                            text: string;
                            /** @description Who wrote it */
                            author: string;
                            /**
                             * Format: date-time
                             * @description When it was written
                             */
                            createdAt: string;
                        }[];
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    putDictionariesIdFeaturesIndexLabel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the dictionary, or its name (URL-encoded) */
                id: string;
                /** @description Index of the feature */
                index: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description One line; the limit is 500 characters; empty to remove the label */
                    text: string;
                    /**
                     * @description Who wrote it; the limit is 120 characters
                     * @default local
                     */
                    author?: string;
                };
            };
        };
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The new label; null where it was removed */
                        label: {
                            /** @description What the feature is called; in a history, an empty text stands for a removal */
                            text: string;
                            /** @description Who wrote it */
                            author: string;
                            /**
                             * Format: date-time
                             * @description When it was written
                             */
                            createdAt: string;
                        } | null;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getCompare: {
        parameters: {
            query: {
                /** @description Name or id of the first dictionary */
                a: string;
                /** @description Name or id of the second dictionary */
                b: string;
                /** @description Cosine from which two features count as the same */
                threshold?: number;
                /** @description Limit of each list */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        a: {
                            /** @description Id of the dictionary */
                            id: string;
                            /** @description Its name */
                            name: string;
                            /** @description Its features */
                            features: number;
                            /** @description Features whose best match in the other one reaches the cosine of the threshold */
                            matched: number;
                            /** @description Mean over its features of the cosine of the best match */
                            meanCosine: number;
                            /** @description Features by the cosine of their best match, between "edges" */
                            histogram: number[];
                            /** @description Features below the threshold, least similar first */
                            unmatched: {
                                /** @description Index of the feature */
                                feature: number;
                                /** @description Its best match */
                                nearest: number;
                                /** @description Cosine of the two decoder directions */
                                cosine: number;
                            }[];
                            /** @description Of its features in these lists; empty before statistics are computed */
                            figures: {
                                /** @description Index of the feature */
                                feature: number;
                                /** @description Share of the counted tokens on which it fires */
                                density: number;
                                /** @description Its largest activation over the counted tokens */
                                maxActivation: number;
                                /** @description Its label */
                                label: string | null;
                                /** @description Texts of the tokens it fires on most strongly; the limit is three */
                                tokens: string[];
                            }[];
                        };
                        b: {
                            /** @description Id of the dictionary */
                            id: string;
                            /** @description Its name */
                            name: string;
                            /** @description Its features */
                            features: number;
                            /** @description Features whose best match in the other one reaches the cosine of the threshold */
                            matched: number;
                            /** @description Mean over its features of the cosine of the best match */
                            meanCosine: number;
                            /** @description Features by the cosine of their best match, between "edges" */
                            histogram: number[];
                            /** @description Features below the threshold, least similar first */
                            unmatched: {
                                /** @description Index of the feature */
                                feature: number;
                                /** @description Its best match */
                                nearest: number;
                                /** @description Cosine of the two decoder directions */
                                cosine: number;
                            }[];
                            /** @description Of its features in these lists; empty before statistics are computed */
                            figures: {
                                /** @description Index of the feature */
                                feature: number;
                                /** @description Share of the counted tokens on which it fires */
                                density: number;
                                /** @description Its largest activation over the counted tokens */
                                maxActivation: number;
                                /** @description Its label */
                                label: string | null;
                                /** @description Texts of the tokens it fires on most strongly; the limit is three */
                                tokens: string[];
                            }[];
                        };
                        /** @description The threshold of the request */
                        threshold: number;
                        /** @description Of the histograms; cosines below 0 count in the first bin */
                        edges: number[];
                        /** @description Features that are each other’s best match, at the threshold or above */
                        mutual: number;
                        /** @description Features that are each other’s best match, largest cosine first */
                        pairs: {
                            /** @description Index of the feature */
                            a: number;
                            /** @description Index of the feature */
                            b: number;
                            /** @description Cosine of the two decoder directions */
                            cosine: number;
                        }[];
                        /** @description Library, device, instruction sets and threads that computed it */
                        engine: string;
                        /**
                         * Format: date-time
                         * @description When it was computed; weights never change, so it stays valid
                         */
                        computedAt: string;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Version of Loupe */
                        version: string;
                        /** @description The process that encodes and steers; null while it does not answer */
                        compute: {
                            /** @description What computes: library, device, instruction sets and threads */
                            engine: string;
                            /** @description Number of requests that are computed now */
                            active: number;
                            /** @description Number of requests in the queue */
                            waiting: number;
                        } | null;
                        /** @description Number of processes that work on jobs */
                        workers: number;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getOpenapijson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        openapi: "3.1.0";
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postEncode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description A text of up to 2048 tokens */
                    text: string;
                    /** @description Dictionaries, all of one model */
                    dictionaries: string[];
                    /**
                     * @description Number of strongest features to return for each token
                     * @default 16
                     */
                    top?: number;
                    /** @description Features to return at every token, whether they are strong or not */
                    features?: {
                        /** @description One of the dictionaries, by name or id */
                        dictionary: string;
                        /** @description Index of the feature */
                        feature: number;
                    }[];
                };
            };
        };
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Name of the model */
                        model: string;
                        tokens: {
                            /** @description Token id */
                            id: number;
                            /** @description Text of this token alone */
                            text: string;
                        }[];
                        /** @description False for positions that statistics leave out: the first one, and attention sinks */
                        counted: boolean[];
                        dictionaries: {
                            id: string;
                            name: string;
                            hook: string;
                            /** @description Mean number of active features per token of the text */
                            l0: number;
                            /** @description For each token its strongest features, strongest first */
                            rows: {
                                /** @description Index of the feature */
                                feature: number;
                                /** @description Activation */
                                value: number;
                            }[][];
                            /** @description One entry for every feature in these rows; empty before statistics are computed */
                            figures: {
                                /** @description Index of the feature */
                                feature: number;
                                /** @description Share of the counted tokens on which it fires */
                                density: number;
                                /** @description Its largest activation over the counted tokens */
                                maxActivation: number;
                                /** @description Its label */
                                label: string | null;
                                /** @description Texts of the tokens it fires on most strongly; the limit is three */
                                tokens: string[];
                            }[];
                        }[];
                        features: {
                            /** @description Name or id, as in the request */
                            dictionary: string;
                            /** @description Index of the feature */
                            feature: number;
                            /** @description Activation at each token, 0 where the feature is silent */
                            values: number[];
                        }[];
                        /** @description What computed it: library, device, instruction sets and threads */
                        engine: string;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getModels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description By name */
                        models: {
                            /** @description Id of the model */
                            id: string;
                            /** @description Name of the model */
                            name: string;
                            /** @description Architecture of the model */
                            family: string;
                            /** @description Number of layers */
                            layers: number;
                            /** @description Width of the residual stream */
                            dModel: number;
                            /** @description Longest text in tokens */
                            context: number;
                            /** @description Number of tokens with a text; 0 without a tokenizer */
                            vocabulary: number;
                            /** @description Where values can be read and edited, in order of computation; attention patterns are not listed */
                            hooks: {
                                /** @description Name of the hook */
                                name: string;
                                /** @description Numbers at one position, over all heads */
                                width: number;
                            }[];
                        }[];
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSteer: {
        parameters: {
            query?: {
                /** @description true: server-sent events; false: one JSON object */
                stream?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Name of the model */
                    model: string;
                    /** @description Text to continue */
                    prompt?: string;
                    /** @description Messages, formatted with the model's own chat template */
                    chat?: {
                        /**
                         * @description Author of the message
                         * @enum {string}
                         */
                        role: "system" | "user" | "assistant";
                        /** @description Text of the message */
                        content: string;
                    }[];
                    /**
                     * @description Changes made during the run
                     * @default []
                     */
                    edits?: ({
                        /** @description Name of the dictionary */
                        dictionary: string;
                        /** @description Index of the feature */
                        feature: number;
                        /**
                         * @description add strength × direction, scale or set the activation, or ablate it; the reconstruction error stays
                         * @enum {string}
                         */
                        mode: "add" | "scale" | "set" | "ablate";
                        /** @description add: multiplies the direction; scale: multiplies the activation; set: is the activation */
                        strength?: number;
                        /**
                         * @description Positions that are edited: all, prompt, generated, or [from, to) counted from the start of the prompt
                         * @default all
                         */
                        positions?: ("all" | "prompt" | "generated") | [
                            number,
                            number
                        ];
                    } | {
                        /** @description Hook whose value is edited */
                        hook: string;
                        /** @description Direction, as wide as the hook */
                        vector: number[];
                        /**
                         * @description add strength × vector
                         * @constant
                         */
                        mode: "add";
                        /** @description add: multiplies the direction; scale: multiplies the activation; set: is the activation */
                        strength: number;
                        /**
                         * @description Positions that are edited: all, prompt, generated, or [from, to) counted from the start of the prompt
                         * @default all
                         */
                        positions?: ("all" | "prompt" | "generated") | [
                            number,
                            number
                        ];
                    })[];
                    /** @description Strength factors: one steered answer for each, with the strength of every edit times the factor */
                    sweep?: number[];
                    /**
                     * @description How tokens are drawn
                     * @default {}
                     */
                    sampling?: {
                        /**
                         * @description 0 picks the most likely token
                         * @default 0.7
                         */
                        temperature?: number;
                        /**
                         * @description Sample from the smallest set of tokens with this probability
                         * @default 1
                         */
                        topP?: number;
                        /**
                         * @description Maximum number of tokens to generate
                         * @default 64
                         */
                        maxTokens?: number;
                        /**
                         * @description Equal seeds give equal text
                         * @default 0
                         */
                        seed?: number;
                        /**
                         * @description Generation ends before the first of these strings
                         * @default []
                         */
                        stop?: string[];
                    };
                    /**
                     * @description Extra figures of each token
                     * @default {}
                     */
                    details?: {
                        /**
                         * @description Number of most likely tokens to return with each token
                         * @default 0
                         */
                        alternatives?: number;
                        /**
                         * @description Return with each token KL(steered ‖ default) of the next token in nats, both after the steered text
                         * @default false
                         */
                        kl?: boolean;
                    };
                };
            };
        };
        responses: {
            /** @description JSON, or a stream with stream=true */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Tokens of the prompt */
                        prompt: {
                            /** @description Token id */
                            id: number;
                            /** @description Text of this token alone */
                            text: string;
                        }[];
                        /** @description The default first, then the steered answers */
                        answers: {
                            /** @description Name of the answer */
                            branch: string;
                            /** @description Factor on the strength of every edit; null for the default, which has no edits */
                            factor: number | null;
                            /** @description Without the prompt */
                            text: string;
                            /** @description Token ids, without the end-of-text token */
                            ids: number[];
                            /**
                             * @description Why the answer ended: length = maxTokens reached, stop = a stop string, end = the end-of-text token
                             * @enum {string}
                             */
                            finish: "length" | "stop" | "end";
                            /** @description Every token, including the end-of-text token if there is one */
                            tokens: {
                                /** @description Token id */
                                id: number;
                                /** @description Text of this token alone */
                                token: string;
                                /** @description Natural logarithm of the branch's own probability, before temperature and top-p */
                                logprob: number;
                                /** @description The most likely tokens, most likely first */
                                alternatives: {
                                    /** @description Token id */
                                    id: number;
                                    /** @description Text of this token alone */
                                    token: string;
                                    /** @description Natural logarithm of the model's own probability */
                                    logprob: number;
                                }[];
                                /** @description KL(steered ‖ default) of the next token in nats, both after the same steered text */
                                kl?: number;
                                /** @description Log-probability of this token without edits, after the same text */
                                defaultLogprob?: number;
                            }[];
                        }[];
                        /** @description Number of generated tokens, over all answers */
                        tokens: number;
                        /** @description Time since the pass over the prompt began */
                        seconds: number;
                        /** @description What computes it: library, device, instruction sets and threads */
                        engine: string;
                        /**
                         * @description Where it is computed
                         * @enum {string}
                         */
                        device: "cpu" | "cuda";
                    };
                    "text/event-stream": {
                        /** @constant */
                        type: "queued";
                        /** @description Number of generations that must end before this one starts */
                        ahead: number;
                    } | {
                        /** @constant */
                        type: "start";
                        /** @description The answers that follow, the default first */
                        branches: {
                            /** @description default, steered, or steered ×FACTOR */
                            name: string;
                            /** @description Factor on the strength of every edit; null for the default, which has no edits */
                            factor: number | null;
                        }[];
                        /** @description Tokens of the prompt */
                        prompt: {
                            /** @description Token id */
                            id: number;
                            /** @description Text of this token alone */
                            text: string;
                        }[];
                        /** @description What computes it: library, device, instruction sets and threads */
                        engine: string;
                        /**
                         * @description Where it is computed
                         * @enum {string}
                         */
                        device: "cpu" | "cuda";
                    } | {
                        /** @constant */
                        type: "token";
                        /** @description Name of the answer that the token belongs to */
                        branch: string;
                        /** @description Index in the answer, from 0 */
                        index: number;
                        /** @description Token id */
                        id: number;
                        /** @description Text of this token alone */
                        token: string;
                        /** @description Text that it adds to the answer: empty while a character or a stop string is unfinished */
                        text: string;
                        /** @description Natural logarithm of the branch's own probability, before temperature and top-p */
                        logprob: number;
                        /** @description The most likely tokens, most likely first */
                        alternatives: {
                            /** @description Token id */
                            id: number;
                            /** @description Text of this token alone */
                            token: string;
                            /** @description Natural logarithm of the model's own probability */
                            logprob: number;
                        }[];
                        /** @description KL(steered ‖ default) of the next token in nats, both after the same steered text */
                        kl?: number;
                        /** @description Log-probability of this token without edits, after the same text */
                        defaultLogprob?: number;
                        /**
                         * @description Why the answer ended: length = maxTokens reached, stop = a stop string, end = the end-of-text token
                         * @enum {string}
                         */
                        finish?: "length" | "stop" | "end";
                    } | {
                        /** @constant */
                        type: "end";
                        answers: {
                            /** @description Name of the answer */
                            branch: string;
                            /** @description Factor on the strength of every edit; null for the default, which has no edits */
                            factor: number | null;
                            /** @description Without the prompt */
                            text: string;
                            /** @description Token ids, without the end-of-text token */
                            ids: number[];
                            /**
                             * @description Why the answer ended: length = maxTokens reached, stop = a stop string, end = the end-of-text token
                             * @enum {string}
                             */
                            finish: "length" | "stop" | "end";
                        }[];
                        /** @description Number of generated tokens, over all answers */
                        tokens: number;
                        /** @description Time since the pass over the prompt began */
                        seconds: number;
                    } | {
                        /** @constant */
                        type: "error";
                        /** @description Why the answer ends here */
                        error: {
                            /** @description One of bad-usage, bad-input, forbidden, not-found, wrong-method, conflict, mismatch, too-large, unsupported, cancelled, unavailable, timeout, disk-full, internal */
                            code: string;
                            /** @description What is wrong and what is expected */
                            message: string;
                            /** @description What to do about it */
                            remedy: string | null;
                        };
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getPresets: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description By name */
                        presets: {
                            /** @description Id of the preset */
                            id: string;
                            /** @description Name of the preset */
                            name: string;
                            /**
                             * Format: date-time
                             * @description Time of the first save
                             */
                            createdAt: string;
                            /**
                             * Format: date-time
                             * @description Time of the last change
                             */
                            updatedAt: string;
                        }[];
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postPresets: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description One line of up to 120 characters; no other preset may have this name */
                    name: string;
                    /** @description The intervention to save */
                    intervention: {
                        /** @description Name of the model */
                        model: string;
                        /** @description Text to continue */
                        prompt?: string;
                        /** @description Messages, formatted with the model's own chat template */
                        chat?: {
                            /**
                             * @description Author of the message
                             * @enum {string}
                             */
                            role: "system" | "user" | "assistant";
                            /** @description Text of the message */
                            content: string;
                        }[];
                        /**
                         * @description Changes made during the run
                         * @default []
                         */
                        edits?: ({
                            /** @description Name of the dictionary */
                            dictionary: string;
                            /** @description Index of the feature */
                            feature: number;
                            /**
                             * @description add strength × direction, scale or set the activation, or ablate it; the reconstruction error stays
                             * @enum {string}
                             */
                            mode: "add" | "scale" | "set" | "ablate";
                            /** @description add: multiplies the direction; scale: multiplies the activation; set: is the activation */
                            strength?: number;
                            /**
                             * @description Positions that are edited: all, prompt, generated, or [from, to) counted from the start of the prompt
                             * @default all
                             */
                            positions?: ("all" | "prompt" | "generated") | [
                                number,
                                number
                            ];
                        } | {
                            /** @description Hook whose value is edited */
                            hook: string;
                            /** @description Direction, as wide as the hook */
                            vector: number[];
                            /**
                             * @description add strength × vector
                             * @constant
                             */
                            mode: "add";
                            /** @description add: multiplies the direction; scale: multiplies the activation; set: is the activation */
                            strength: number;
                            /**
                             * @description Positions that are edited: all, prompt, generated, or [from, to) counted from the start of the prompt
                             * @default all
                             */
                            positions?: ("all" | "prompt" | "generated") | [
                                number,
                                number
                            ];
                        })[];
                        /** @description Strength factors: one steered answer for each, with the strength of every edit times the factor */
                        sweep?: number[];
                        /**
                         * @description How tokens are drawn
                         * @default {}
                         */
                        sampling?: {
                            /**
                             * @description 0 picks the most likely token
                             * @default 0.7
                             */
                            temperature?: number;
                            /**
                             * @description Sample from the smallest set of tokens with this probability
                             * @default 1
                             */
                            topP?: number;
                            /**
                             * @description Maximum number of tokens to generate
                             * @default 64
                             */
                            maxTokens?: number;
                            /**
                             * @description Equal seeds give equal text
                             * @default 0
                             */
                            seed?: number;
                            /**
                             * @description Generation ends before the first of these strings
                             * @default []
                             */
                            stop?: string[];
                        };
                        /**
                         * @description Extra figures of each token
                         * @default {}
                         */
                        details?: {
                            /**
                             * @description Number of most likely tokens to return with each token
                             * @default 0
                             */
                            alternatives?: number;
                            /**
                             * @description Return with each token KL(steered ‖ default) of the next token in nats, both after the steered text
                             * @default false
                             */
                            kl?: boolean;
                        };
                    };
                };
            };
        };
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id of the preset */
                        id: string;
                        /** @description Name of the preset */
                        name: string;
                        /**
                         * Format: date-time
                         * @description Time of the first save
                         */
                        createdAt: string;
                        /**
                         * Format: date-time
                         * @description Time of the last change
                         */
                        updatedAt: string;
                        /** @description The intervention, with every default filled in */
                        intervention: {
                            /** @description Name of the model */
                            model: string;
                            /** @description Text to continue */
                            prompt?: string;
                            /** @description Messages, formatted with the model's own chat template */
                            chat?: {
                                /**
                                 * @description Author of the message
                                 * @enum {string}
                                 */
                                role: "system" | "user" | "assistant";
                                /** @description Text of the message */
                                content: string;
                            }[];
                            /**
                             * @description Changes made during the run
                             * @default []
                             */
                            edits: ({
                                /** @description Name of the dictionary */
                                dictionary: string;
                                /** @description Index of the feature */
                                feature: number;
                                /**
                                 * @description add strength × direction, scale or set the activation, or ablate it; the reconstruction error stays
                                 * @enum {string}
                                 */
                                mode: "add" | "scale" | "set" | "ablate";
                                /** @description add: multiplies the direction; scale: multiplies the activation; set: is the activation */
                                strength?: number;
                                /**
                                 * @description Positions that are edited: all, prompt, generated, or [from, to) counted from the start of the prompt
                                 * @default all
                                 */
                                positions: ("all" | "prompt" | "generated") | [
                                    number,
                                    number
                                ];
                            } | {
                                /** @description Hook whose value is edited */
                                hook: string;
                                /** @description Direction, as wide as the hook */
                                vector: number[];
                                /**
                                 * @description add strength × vector
                                 * @constant
                                 */
                                mode: "add";
                                /** @description add: multiplies the direction; scale: multiplies the activation; set: is the activation */
                                strength: number;
                                /**
                                 * @description Positions that are edited: all, prompt, generated, or [from, to) counted from the start of the prompt
                                 * @default all
                                 */
                                positions: ("all" | "prompt" | "generated") | [
                                    number,
                                    number
                                ];
                            })[];
                            /** @description Strength factors: one steered answer for each, with the strength of every edit times the factor */
                            sweep?: number[];
                            /** @description How tokens are drawn */
                            sampling: {
                                /**
                                 * @description 0 picks the most likely token
                                 * @default 0.7
                                 */
                                temperature: number;
                                /**
                                 * @description Sample from the smallest set of tokens with this probability
                                 * @default 1
                                 */
                                topP: number;
                                /**
                                 * @description Maximum number of tokens to generate
                                 * @default 64
                                 */
                                maxTokens: number;
                                /**
                                 * @description Equal seeds give equal text
                                 * @default 0
                                 */
                                seed: number;
                                /**
                                 * @description Generation ends before the first of these strings
                                 * @default []
                                 */
                                stop: string[];
                            };
                            /** @description Extra figures of each token */
                            details: {
                                /**
                                 * @description Number of most likely tokens to return with each token
                                 * @default 0
                                 */
                                alternatives: number;
                                /**
                                 * @description Return with each token KL(steered ‖ default) of the next token in nats, both after the steered text
                                 * @default false
                                 */
                                kl: boolean;
                            };
                        };
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getPresetsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name or id of the preset */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id of the preset */
                        id: string;
                        /** @description Name of the preset */
                        name: string;
                        /**
                         * Format: date-time
                         * @description Time of the first save
                         */
                        createdAt: string;
                        /**
                         * Format: date-time
                         * @description Time of the last change
                         */
                        updatedAt: string;
                        /** @description The intervention, with every default filled in */
                        intervention: {
                            /** @description Name of the model */
                            model: string;
                            /** @description Text to continue */
                            prompt?: string;
                            /** @description Messages, formatted with the model's own chat template */
                            chat?: {
                                /**
                                 * @description Author of the message
                                 * @enum {string}
                                 */
                                role: "system" | "user" | "assistant";
                                /** @description Text of the message */
                                content: string;
                            }[];
                            /**
                             * @description Changes made during the run
                             * @default []
                             */
                            edits: ({
                                /** @description Name of the dictionary */
                                dictionary: string;
                                /** @description Index of the feature */
                                feature: number;
                                /**
                                 * @description add strength × direction, scale or set the activation, or ablate it; the reconstruction error stays
                                 * @enum {string}
                                 */
                                mode: "add" | "scale" | "set" | "ablate";
                                /** @description add: multiplies the direction; scale: multiplies the activation; set: is the activation */
                                strength?: number;
                                /**
                                 * @description Positions that are edited: all, prompt, generated, or [from, to) counted from the start of the prompt
                                 * @default all
                                 */
                                positions: ("all" | "prompt" | "generated") | [
                                    number,
                                    number
                                ];
                            } | {
                                /** @description Hook whose value is edited */
                                hook: string;
                                /** @description Direction, as wide as the hook */
                                vector: number[];
                                /**
                                 * @description add strength × vector
                                 * @constant
                                 */
                                mode: "add";
                                /** @description add: multiplies the direction; scale: multiplies the activation; set: is the activation */
                                strength: number;
                                /**
                                 * @description Positions that are edited: all, prompt, generated, or [from, to) counted from the start of the prompt
                                 * @default all
                                 */
                                positions: ("all" | "prompt" | "generated") | [
                                    number,
                                    number
                                ];
                            })[];
                            /** @description Strength factors: one steered answer for each, with the strength of every edit times the factor */
                            sweep?: number[];
                            /** @description How tokens are drawn */
                            sampling: {
                                /**
                                 * @description 0 picks the most likely token
                                 * @default 0.7
                                 */
                                temperature: number;
                                /**
                                 * @description Sample from the smallest set of tokens with this probability
                                 * @default 1
                                 */
                                topP: number;
                                /**
                                 * @description Maximum number of tokens to generate
                                 * @default 64
                                 */
                                maxTokens: number;
                                /**
                                 * @description Equal seeds give equal text
                                 * @default 0
                                 */
                                seed: number;
                                /**
                                 * @description Generation ends before the first of these strings
                                 * @default []
                                 */
                                stop: string[];
                            };
                            /** @description Extra figures of each token */
                            details: {
                                /**
                                 * @description Number of most likely tokens to return with each token
                                 * @default 0
                                 */
                                alternatives: number;
                                /**
                                 * @description Return with each token KL(steered ‖ default) of the next token in nats, both after the steered text
                                 * @default false
                                 */
                                kl: boolean;
                            };
                        };
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    putPresetsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name or id of the preset */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description One line of up to 120 characters; no other preset may have this name */
                    name?: string;
                    /** @description The intervention to save */
                    intervention?: {
                        /** @description Name of the model */
                        model: string;
                        /** @description Text to continue */
                        prompt?: string;
                        /** @description Messages, formatted with the model's own chat template */
                        chat?: {
                            /**
                             * @description Author of the message
                             * @enum {string}
                             */
                            role: "system" | "user" | "assistant";
                            /** @description Text of the message */
                            content: string;
                        }[];
                        /**
                         * @description Changes made during the run
                         * @default []
                         */
                        edits?: ({
                            /** @description Name of the dictionary */
                            dictionary: string;
                            /** @description Index of the feature */
                            feature: number;
                            /**
                             * @description add strength × direction, scale or set the activation, or ablate it; the reconstruction error stays
                             * @enum {string}
                             */
                            mode: "add" | "scale" | "set" | "ablate";
                            /** @description add: multiplies the direction; scale: multiplies the activation; set: is the activation */
                            strength?: number;
                            /**
                             * @description Positions that are edited: all, prompt, generated, or [from, to) counted from the start of the prompt
                             * @default all
                             */
                            positions?: ("all" | "prompt" | "generated") | [
                                number,
                                number
                            ];
                        } | {
                            /** @description Hook whose value is edited */
                            hook: string;
                            /** @description Direction, as wide as the hook */
                            vector: number[];
                            /**
                             * @description add strength × vector
                             * @constant
                             */
                            mode: "add";
                            /** @description add: multiplies the direction; scale: multiplies the activation; set: is the activation */
                            strength: number;
                            /**
                             * @description Positions that are edited: all, prompt, generated, or [from, to) counted from the start of the prompt
                             * @default all
                             */
                            positions?: ("all" | "prompt" | "generated") | [
                                number,
                                number
                            ];
                        })[];
                        /** @description Strength factors: one steered answer for each, with the strength of every edit times the factor */
                        sweep?: number[];
                        /**
                         * @description How tokens are drawn
                         * @default {}
                         */
                        sampling?: {
                            /**
                             * @description 0 picks the most likely token
                             * @default 0.7
                             */
                            temperature?: number;
                            /**
                             * @description Sample from the smallest set of tokens with this probability
                             * @default 1
                             */
                            topP?: number;
                            /**
                             * @description Maximum number of tokens to generate
                             * @default 64
                             */
                            maxTokens?: number;
                            /**
                             * @description Equal seeds give equal text
                             * @default 0
                             */
                            seed?: number;
                            /**
                             * @description Generation ends before the first of these strings
                             * @default []
                             */
                            stop?: string[];
                        };
                        /**
                         * @description Extra figures of each token
                         * @default {}
                         */
                        details?: {
                            /**
                             * @description Number of most likely tokens to return with each token
                             * @default 0
                             */
                            alternatives?: number;
                            /**
                             * @description Return with each token KL(steered ‖ default) of the next token in nats, both after the steered text
                             * @default false
                             */
                            kl?: boolean;
                        };
                    };
                };
            };
        };
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id of the preset */
                        id: string;
                        /** @description Name of the preset */
                        name: string;
                        /**
                         * Format: date-time
                         * @description Time of the first save
                         */
                        createdAt: string;
                        /**
                         * Format: date-time
                         * @description Time of the last change
                         */
                        updatedAt: string;
                        /** @description The intervention, with every default filled in */
                        intervention: {
                            /** @description Name of the model */
                            model: string;
                            /** @description Text to continue */
                            prompt?: string;
                            /** @description Messages, formatted with the model's own chat template */
                            chat?: {
                                /**
                                 * @description Author of the message
                                 * @enum {string}
                                 */
                                role: "system" | "user" | "assistant";
                                /** @description Text of the message */
                                content: string;
                            }[];
                            /**
                             * @description Changes made during the run
                             * @default []
                             */
                            edits: ({
                                /** @description Name of the dictionary */
                                dictionary: string;
                                /** @description Index of the feature */
                                feature: number;
                                /**
                                 * @description add strength × direction, scale or set the activation, or ablate it; the reconstruction error stays
                                 * @enum {string}
                                 */
                                mode: "add" | "scale" | "set" | "ablate";
                                /** @description add: multiplies the direction; scale: multiplies the activation; set: is the activation */
                                strength?: number;
                                /**
                                 * @description Positions that are edited: all, prompt, generated, or [from, to) counted from the start of the prompt
                                 * @default all
                                 */
                                positions: ("all" | "prompt" | "generated") | [
                                    number,
                                    number
                                ];
                            } | {
                                /** @description Hook whose value is edited */
                                hook: string;
                                /** @description Direction, as wide as the hook */
                                vector: number[];
                                /**
                                 * @description add strength × vector
                                 * @constant
                                 */
                                mode: "add";
                                /** @description add: multiplies the direction; scale: multiplies the activation; set: is the activation */
                                strength: number;
                                /**
                                 * @description Positions that are edited: all, prompt, generated, or [from, to) counted from the start of the prompt
                                 * @default all
                                 */
                                positions: ("all" | "prompt" | "generated") | [
                                    number,
                                    number
                                ];
                            })[];
                            /** @description Strength factors: one steered answer for each, with the strength of every edit times the factor */
                            sweep?: number[];
                            /** @description How tokens are drawn */
                            sampling: {
                                /**
                                 * @description 0 picks the most likely token
                                 * @default 0.7
                                 */
                                temperature: number;
                                /**
                                 * @description Sample from the smallest set of tokens with this probability
                                 * @default 1
                                 */
                                topP: number;
                                /**
                                 * @description Maximum number of tokens to generate
                                 * @default 64
                                 */
                                maxTokens: number;
                                /**
                                 * @description Equal seeds give equal text
                                 * @default 0
                                 */
                                seed: number;
                                /**
                                 * @description Generation ends before the first of these strings
                                 * @default []
                                 */
                                stop: string[];
                            };
                            /** @description Extra figures of each token */
                            details: {
                                /**
                                 * @description Number of most likely tokens to return with each token
                                 * @default 0
                                 */
                                alternatives: number;
                                /**
                                 * @description Return with each token KL(steered ‖ default) of the next token in nats, both after the steered text
                                 * @default false
                                 */
                                kl: boolean;
                            };
                        };
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deletePresetsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name or id of the preset */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * @description Always true: the preset is deleted
                         * @constant
                         */
                        deleted: true;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getGenerations: {
        parameters: {
            query?: {
                /** @description cursor of the previous page: its "next" */
                after?: string;
                /** @description number of answers per page */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        generations: {
                            /** @description Id of the kept answer; its page is /steer/ID */
                            id: string;
                            /** @description The intervention, with every default filled in */
                            intervention: {
                                /** @description Name of the model */
                                model: string;
                                /** @description Text to continue */
                                prompt?: string;
                                /** @description Messages, formatted with the model's own chat template */
                                chat?: {
                                    /**
                                     * @description Author of the message
                                     * @enum {string}
                                     */
                                    role: "system" | "user" | "assistant";
                                    /** @description Text of the message */
                                    content: string;
                                }[];
                                /**
                                 * @description Changes made during the run
                                 * @default []
                                 */
                                edits: ({
                                    /** @description Name of the dictionary */
                                    dictionary: string;
                                    /** @description Index of the feature */
                                    feature: number;
                                    /**
                                     * @description add strength × direction, scale or set the activation, or ablate it; the reconstruction error stays
                                     * @enum {string}
                                     */
                                    mode: "add" | "scale" | "set" | "ablate";
                                    /** @description add: multiplies the direction; scale: multiplies the activation; set: is the activation */
                                    strength?: number;
                                    /**
                                     * @description Positions that are edited: all, prompt, generated, or [from, to) counted from the start of the prompt
                                     * @default all
                                     */
                                    positions: ("all" | "prompt" | "generated") | [
                                        number,
                                        number
                                    ];
                                } | {
                                    /** @description Hook whose value is edited */
                                    hook: string;
                                    /** @description Direction, as wide as the hook */
                                    vector: number[];
                                    /**
                                     * @description add strength × vector
                                     * @constant
                                     */
                                    mode: "add";
                                    /** @description add: multiplies the direction; scale: multiplies the activation; set: is the activation */
                                    strength: number;
                                    /**
                                     * @description Positions that are edited: all, prompt, generated, or [from, to) counted from the start of the prompt
                                     * @default all
                                     */
                                    positions: ("all" | "prompt" | "generated") | [
                                        number,
                                        number
                                    ];
                                })[];
                                /** @description Strength factors: one steered answer for each, with the strength of every edit times the factor */
                                sweep?: number[];
                                /** @description How tokens are drawn */
                                sampling: {
                                    /**
                                     * @description 0 picks the most likely token
                                     * @default 0.7
                                     */
                                    temperature: number;
                                    /**
                                     * @description Sample from the smallest set of tokens with this probability
                                     * @default 1
                                     */
                                    topP: number;
                                    /**
                                     * @description Maximum number of tokens to generate
                                     * @default 64
                                     */
                                    maxTokens: number;
                                    /**
                                     * @description Equal seeds give equal text
                                     * @default 0
                                     */
                                    seed: number;
                                    /**
                                     * @description Generation ends before the first of these strings
                                     * @default []
                                     */
                                    stop: string[];
                                };
                                /** @description Extra figures of each token */
                                details: {
                                    /**
                                     * @description Number of most likely tokens to return with each token
                                     * @default 0
                                     */
                                    alternatives: number;
                                    /**
                                     * @description Return with each token KL(steered ‖ default) of the next token in nats, both after the steered text
                                     * @default false
                                     */
                                    kl: boolean;
                                };
                            };
                            /** @description What computed it: library, device, instruction sets and threads */
                            engine: string;
                            /** @description cpu or cuda */
                            device: string;
                            /**
                             * Format: date-time
                             * @description Time at which it was kept
                             */
                            createdAt: string;
                            /** @description The texts of the answers, without figures */
                            texts: {
                                branch: string;
                                text: string;
                            }[];
                        }[];
                        /** @description Send it as "after" for the next page; null on the last page */
                        next: string | null;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postGenerations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The intervention that was sent to POST /steer */
                    intervention: {
                        /** @description Name of the model */
                        model: string;
                        /** @description Text to continue */
                        prompt?: string;
                        /** @description Messages, formatted with the model's own chat template */
                        chat?: {
                            /**
                             * @description Author of the message
                             * @enum {string}
                             */
                            role: "system" | "user" | "assistant";
                            /** @description Text of the message */
                            content: string;
                        }[];
                        /**
                         * @description Changes made during the run
                         * @default []
                         */
                        edits?: ({
                            /** @description Name of the dictionary */
                            dictionary: string;
                            /** @description Index of the feature */
                            feature: number;
                            /**
                             * @description add strength × direction, scale or set the activation, or ablate it; the reconstruction error stays
                             * @enum {string}
                             */
                            mode: "add" | "scale" | "set" | "ablate";
                            /** @description add: multiplies the direction; scale: multiplies the activation; set: is the activation */
                            strength?: number;
                            /**
                             * @description Positions that are edited: all, prompt, generated, or [from, to) counted from the start of the prompt
                             * @default all
                             */
                            positions?: ("all" | "prompt" | "generated") | [
                                number,
                                number
                            ];
                        } | {
                            /** @description Hook whose value is edited */
                            hook: string;
                            /** @description Direction, as wide as the hook */
                            vector: number[];
                            /**
                             * @description add strength × vector
                             * @constant
                             */
                            mode: "add";
                            /** @description add: multiplies the direction; scale: multiplies the activation; set: is the activation */
                            strength: number;
                            /**
                             * @description Positions that are edited: all, prompt, generated, or [from, to) counted from the start of the prompt
                             * @default all
                             */
                            positions?: ("all" | "prompt" | "generated") | [
                                number,
                                number
                            ];
                        })[];
                        /** @description Strength factors: one steered answer for each, with the strength of every edit times the factor */
                        sweep?: number[];
                        /**
                         * @description How tokens are drawn
                         * @default {}
                         */
                        sampling?: {
                            /**
                             * @description 0 picks the most likely token
                             * @default 0.7
                             */
                            temperature?: number;
                            /**
                             * @description Sample from the smallest set of tokens with this probability
                             * @default 1
                             */
                            topP?: number;
                            /**
                             * @description Maximum number of tokens to generate
                             * @default 64
                             */
                            maxTokens?: number;
                            /**
                             * @description Equal seeds give equal text
                             * @default 0
                             */
                            seed?: number;
                            /**
                             * @description Generation ends before the first of these strings
                             * @default []
                             */
                            stop?: string[];
                        };
                        /**
                         * @description Extra figures of each token
                         * @default {}
                         */
                        details?: {
                            /**
                             * @description Number of most likely tokens to return with each token
                             * @default 0
                             */
                            alternatives?: number;
                            /**
                             * @description Return with each token KL(steered ‖ default) of the next token in nats, both after the steered text
                             * @default false
                             */
                            kl?: boolean;
                        };
                    };
                    /** @description The answer of POST /steer */
                    answer: {
                        /** @description Tokens of the prompt */
                        prompt: {
                            /** @description Token id */
                            id: number;
                            /** @description Text of this token alone */
                            text: string;
                        }[];
                        /** @description The default first, then the steered answers */
                        answers: {
                            /** @description Name of the answer */
                            branch: string;
                            /** @description Factor on the strength of every edit; null for the default, which has no edits */
                            factor: number | null;
                            /** @description Without the prompt */
                            text: string;
                            /** @description Token ids, without the end-of-text token */
                            ids: number[];
                            /**
                             * @description Why the answer ended: length = maxTokens reached, stop = a stop string, end = the end-of-text token
                             * @enum {string}
                             */
                            finish: "length" | "stop" | "end";
                            /** @description Every token, including the end-of-text token if there is one */
                            tokens: {
                                /** @description Token id */
                                id: number;
                                /** @description Text of this token alone */
                                token: string;
                                /** @description Natural logarithm of the branch's own probability, before temperature and top-p */
                                logprob: number;
                                /** @description The most likely tokens, most likely first */
                                alternatives: {
                                    /** @description Token id */
                                    id: number;
                                    /** @description Text of this token alone */
                                    token: string;
                                    /** @description Natural logarithm of the model's own probability */
                                    logprob: number;
                                }[];
                                /** @description KL(steered ‖ default) of the next token in nats, both after the same steered text */
                                kl?: number;
                                /** @description Log-probability of this token without edits, after the same text */
                                defaultLogprob?: number;
                            }[];
                        }[];
                        /** @description Number of generated tokens, over all answers */
                        tokens: number;
                        /** @description Time since the pass over the prompt began */
                        seconds: number;
                        /** @description What computes it: library, device, instruction sets and threads */
                        engine: string;
                        /**
                         * @description Where it is computed
                         * @enum {string}
                         */
                        device: "cpu" | "cuda";
                    };
                };
            };
        };
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id of the kept answer; its page is /steer/ID */
                        id: string;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getGenerationsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the kept answer */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id of the kept answer; its page is /steer/ID */
                        id: string;
                        /** @description The intervention, with every default filled in */
                        intervention: {
                            /** @description Name of the model */
                            model: string;
                            /** @description Text to continue */
                            prompt?: string;
                            /** @description Messages, formatted with the model's own chat template */
                            chat?: {
                                /**
                                 * @description Author of the message
                                 * @enum {string}
                                 */
                                role: "system" | "user" | "assistant";
                                /** @description Text of the message */
                                content: string;
                            }[];
                            /**
                             * @description Changes made during the run
                             * @default []
                             */
                            edits: ({
                                /** @description Name of the dictionary */
                                dictionary: string;
                                /** @description Index of the feature */
                                feature: number;
                                /**
                                 * @description add strength × direction, scale or set the activation, or ablate it; the reconstruction error stays
                                 * @enum {string}
                                 */
                                mode: "add" | "scale" | "set" | "ablate";
                                /** @description add: multiplies the direction; scale: multiplies the activation; set: is the activation */
                                strength?: number;
                                /**
                                 * @description Positions that are edited: all, prompt, generated, or [from, to) counted from the start of the prompt
                                 * @default all
                                 */
                                positions: ("all" | "prompt" | "generated") | [
                                    number,
                                    number
                                ];
                            } | {
                                /** @description Hook whose value is edited */
                                hook: string;
                                /** @description Direction, as wide as the hook */
                                vector: number[];
                                /**
                                 * @description add strength × vector
                                 * @constant
                                 */
                                mode: "add";
                                /** @description add: multiplies the direction; scale: multiplies the activation; set: is the activation */
                                strength: number;
                                /**
                                 * @description Positions that are edited: all, prompt, generated, or [from, to) counted from the start of the prompt
                                 * @default all
                                 */
                                positions: ("all" | "prompt" | "generated") | [
                                    number,
                                    number
                                ];
                            })[];
                            /** @description Strength factors: one steered answer for each, with the strength of every edit times the factor */
                            sweep?: number[];
                            /** @description How tokens are drawn */
                            sampling: {
                                /**
                                 * @description 0 picks the most likely token
                                 * @default 0.7
                                 */
                                temperature: number;
                                /**
                                 * @description Sample from the smallest set of tokens with this probability
                                 * @default 1
                                 */
                                topP: number;
                                /**
                                 * @description Maximum number of tokens to generate
                                 * @default 64
                                 */
                                maxTokens: number;
                                /**
                                 * @description Equal seeds give equal text
                                 * @default 0
                                 */
                                seed: number;
                                /**
                                 * @description Generation ends before the first of these strings
                                 * @default []
                                 */
                                stop: string[];
                            };
                            /** @description Extra figures of each token */
                            details: {
                                /**
                                 * @description Number of most likely tokens to return with each token
                                 * @default 0
                                 */
                                alternatives: number;
                                /**
                                 * @description Return with each token KL(steered ‖ default) of the next token in nats, both after the steered text
                                 * @default false
                                 */
                                kl: boolean;
                            };
                        };
                        /** @description What computed it: library, device, instruction sets and threads */
                        engine: string;
                        /** @description cpu or cuda */
                        device: string;
                        /**
                         * Format: date-time
                         * @description Time at which it was kept
                         */
                        createdAt: string;
                        answer: {
                            /** @description Tokens of the prompt */
                            prompt: {
                                /** @description Token id */
                                id: number;
                                /** @description Text of this token alone */
                                text: string;
                            }[];
                            /** @description The default first, then the steered answers */
                            answers: {
                                /** @description Name of the answer */
                                branch: string;
                                /** @description Factor on the strength of every edit; null for the default, which has no edits */
                                factor: number | null;
                                /** @description Without the prompt */
                                text: string;
                                /** @description Token ids, without the end-of-text token */
                                ids: number[];
                                /**
                                 * @description Why the answer ended: length = maxTokens reached, stop = a stop string, end = the end-of-text token
                                 * @enum {string}
                                 */
                                finish: "length" | "stop" | "end";
                                /** @description Every token, including the end-of-text token if there is one */
                                tokens: {
                                    /** @description Token id */
                                    id: number;
                                    /** @description Text of this token alone */
                                    token: string;
                                    /** @description Natural logarithm of the branch's own probability, before temperature and top-p */
                                    logprob: number;
                                    /** @description The most likely tokens, most likely first */
                                    alternatives: {
                                        /** @description Token id */
                                        id: number;
                                        /** @description Text of this token alone */
                                        token: string;
                                        /** @description Natural logarithm of the model's own probability */
                                        logprob: number;
                                    }[];
                                    /** @description KL(steered ‖ default) of the next token in nats, both after the same steered text */
                                    kl?: number;
                                    /** @description Log-probability of this token without edits, after the same text */
                                    defaultLogprob?: number;
                                }[];
                            }[];
                            /** @description Number of generated tokens, over all answers */
                            tokens: number;
                            /** @description Time since the pass over the prompt began */
                            seconds: number;
                            /** @description What computes it: library, device, instruction sets and threads */
                            engine: string;
                            /**
                             * @description Where it is computed
                             * @enum {string}
                             */
                            device: "cpu" | "cuda";
                        };
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDictionariesIdFigures: {
        parameters: {
            query: {
                /** @description Index of a feature; may be repeated */
                feature: number | number[];
            };
            header?: never;
            path: {
                /** @description Id of the dictionary, or its name (URL-encoded) */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description By index; features without statistics are left out */
                        figures: {
                            /** @description Index of the feature */
                            feature: number;
                            /** @description Share of the counted tokens on which it fires */
                            density: number;
                            /** @description Its largest activation over the counted tokens */
                            maxActivation: number;
                            /** @description Its label */
                            label: string | null;
                            /** @description Texts of the tokens it fires on most strongly; the limit is three */
                            tokens: string[];
                        }[];
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getRuns: {
        parameters: {
            query?: {
                /** @description Highest number of runs in the answer */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Newest first */
                        runs: {
                            /** @description Id */
                            id: string;
                            /** @description Name of the run, and of the dictionary it makes */
                            name: string;
                            harvest: {
                                /** @description Id */
                                id: string;
                                /** @description Name */
                                name: string;
                                /** @description Where the activations were taken */
                                hook: string;
                                model: {
                                    /** @description Id */
                                    id: string;
                                    /** @description Name */
                                    name: string;
                                };
                            };
                            /** @description Kind of sparse autoencoder */
                            architecture: string;
                            /** @description Seed */
                            seed: number;
                            /** @description Every setting, with the defaults filled in */
                            config: {
                                /** @description Kind of sparse autoencoder */
                                architecture: string;
                                /** @description Width of the activations */
                                d_in: number;
                                /** @description Number of latents */
                                d_sae: number;
                                /** @description Training tokens in total */
                                tokens: number;
                                /** @description Tokens per step */
                                batchSize: number;
                            } & {
                                [key: string]: unknown;
                            };
                            /** @description What computes the steps; "auto" until a worker takes the run */
                            engine: string;
                            /** @description cpu or cuda; empty until a worker takes the run */
                            device: string;
                            /**
                             * @description pending: in the queue; running: started; finished, failed and cancelled: ended
                             * @enum {string}
                             */
                            status: "pending" | "running" | "finished" | "failed" | "cancelled";
                            /** @description Steps done */
                            step: number;
                            /** @description Steps in total */
                            steps: number;
                            /** @description The newest figures; null before the first */
                            metrics: {
                                /** @description Figures of one training batch */
                                training?: {
                                    /** @description Loss of one batch, in scaled units */
                                    loss?: number | null;
                                    /** @description Parts of the loss, with their weights */
                                    parts?: {
                                        [key: string]: number | null;
                                    };
                                    /** @description Mean number of active latents per token */
                                    l0?: number | null;
                                    /** @description 1 − Σ‖x − x̂‖² / Σ‖x − mean x‖² over the batch */
                                    explainedVariance?: number | null;
                                    /** @description Latents that have not fired for deadAfterTokens tokens */
                                    deadLatents?: number | null;
                                    /** @description Latents that are not dead but fire less than tau times the density that a Zipf law expects at their rank */
                                    dyingLatents?: number | null;
                                    /** @description Norm of all gradients together, before clipping */
                                    gradientNorm?: number | null;
                                    /** @description Single numbers that the selection rule carries from step to step, e.g. its threshold; in scaled units */
                                    selection?: {
                                        [key: string]: number | null;
                                    };
                                    /** @description Single numbers that parts of the loss carry, e.g. a coefficient that is adapted */
                                    losses?: {
                                        [key: string]: number | null;
                                    };
                                    /** @description Learning rate of this step */
                                    learningRate?: number | null;
                                    /** @description Tokens per second since the previous record */
                                    tokensPerSecond?: number | null;
                                };
                                /** @description Figures of held-out tokens, by the inference rule: each token on its own */
                                heldOut?: {
                                    /** @description tokens: tokens measured */
                                    tokens?: number | null;
                                    /** @description L0: E #{f : z_f > 0} */
                                    l0?: number | null;
                                    /** @description mean squared error: E ‖x − x̂‖² / d */
                                    mse?: number | null;
                                    /** @description explained variance: 1 − E‖x − x̂‖² / E‖x − Ex‖², about the mean of all measured tokens */
                                    explainedVariance?: number | null;
                                    /** @description fraction of variance unexplained: E‖x − x̂‖² / E‖x − Ex‖² = 1 − explained variance */
                                    nmse?: number | null;
                                    /** @description cosine: E (x · x̂) / (‖x‖ ‖x̂‖) */
                                    cosine?: number | null;
                                    /** @description L2 ratio: E ‖x̂‖ / ‖x‖; 1 means no shrinkage */
                                    l2Ratio?: number | null;
                                    /** @description relative reconstruction bias: γ = E‖x̂‖² / E(x · x̂); 1 means no shrinkage (Rajamanoharan et al. 2024) */
                                    reconstructionBias?: number | null;
                                    /** @description dead share: #{f : z_f = 0 on every measured token} / d_sae; depends on the number of tokens */
                                    deadShare?: number | null;
                                    /** @description By the training rule: a batch selected together. Absent where the two rules are the same */
                                    byTraining?: {
                                        /** @description L0: E #{f : z_f > 0} */
                                        l0?: number | null;
                                        /** @description explained variance: 1 − E‖x − x̂‖² / E‖x − Ex‖², about the mean of all measured tokens */
                                        explainedVariance?: number | null;
                                        /** @description fraction of variance unexplained: E‖x − x̂‖² / E‖x − Ex‖² = 1 − explained variance */
                                        nmse?: number | null;
                                        /** @description dead share: #{f : z_f = 0 on every measured token} / d_sae; depends on the number of tokens */
                                        deadShare?: number | null;
                                    };
                                };
                            } | null;
                            /** @description Why it failed */
                            error: {
                                /** @description Kind of error */
                                code: string;
                                /** @description What happened */
                                message: string;
                            } | null;
                            /** @description Mean over the newest records; null before the first */
                            tokensPerSecond: number | null;
                            /** @description Null unless a live worker is training the run */
                            secondsLeft: number | null;
                            job: {
                                /** @description Id of the job */
                                id: string;
                                /**
                                 * @description pending: in the queue; running: started; finished, failed and cancelled: ended
                                 * @enum {string}
                                 */
                                status: "pending" | "running" | "finished" | "failed" | "cancelled";
                                /** @description Whether a live worker computes a part of it */
                                hasLiveWorker: boolean;
                            } | null;
                            /** @description The dictionary it made */
                            dictionary: {
                                /** @description Id */
                                id: string;
                                /** @description Name */
                                name: string;
                            } | null;
                            /** @description The sweep it is part of */
                            sweep: {
                                /** @description Id */
                                id: string;
                                /** @description Name */
                                name: string;
                            } | null;
                            /**
                             * Format: date-time
                             * @description When the run was created
                             */
                            createdAt: string;
                            finishedAt: string | null;
                        }[];
                        /** @description Number of live workers; with 0, jobs wait */
                        workers: number;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postRuns: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Name or id of a finished harvest */
                    harvest: string;
                    /** @description Name of the run and of its dictionary. Default: made from the settings */
                    name?: string;
                    /**
                     * @description What computes the steps
                     * @default auto
                     * @enum {string}
                     */
                    engine?: "auto" | "tensorflow" | "reference";
                    /** @description Start from the weights of a checkpoint: RUN (name or id; its newest), RUN@best or RUN@STEP */
                    from?: string;
                    /**
                     * @description Every token keeps its k largest latents (Gao et al. 2024)
                     * @constant
                     */
                    architecture: "topk";
                    /** @description Number of latents */
                    d_sae: number;
                    /** @description Number of training tokens; the harvest is read as often as this requires */
                    tokens: number;
                    /**
                     * @description Tokens per step
                     * @default 2048
                     */
                    batchSize?: number;
                    /**
                     * @description Seed of the initial weights and of the order of the tokens
                     * @default 0
                     */
                    seed?: number;
                    /** @description Highest learning rate of Adam. Default: falls with the length of the run and with the width */
                    learningRate?: number;
                    /** @description Steps over which the learning rate rises. Default: 5% of the run, up to 1000 */
                    warmupSteps?: number;
                    /** @description Last steps, over which the learning rate falls to zero. Default: 20% of the run */
                    decaySteps?: number;
                    /**
                     * @description Decay of Adam’s first moment
                     * @default 0.9
                     */
                    beta1?: number;
                    /**
                     * @description Decay of Adam’s second moment
                     * @default 0.999
                     */
                    beta2?: number;
                    /**
                     * @description Adam’s epsilon; small, since the loss is a mean
                     * @default 6.25e-10
                     */
                    epsilon?: number;
                    /**
                     * @description Limit on the norm of all gradients together; null for no limit
                     * @default 1
                     */
                    gradientClip?: number | null;
                    /** @description Tokens without firing after which a latent counts as dead. Default: 5% of the run, up to 10M */
                    deadAfterTokens?: number;
                    /** @description Steps, or shares of the run if below 1, at which dead latents get new directions and the learning rate rises again. Default: never; relu: 0.25, 0.5, 0.75 */
                    resampleAt?: number[];
                    /**
                     * @description Keep a checkpoint every so many steps, or every share of the run if below 1; null for none
                     * @default null
                     */
                    keepEvery?: number | null;
                    /**
                     * @description Keep checkpoints at these steps, or at these shares of the run if below 1
                     * @default []
                     */
                    keepAt?: number[];
                    /** @description Active latents per token */
                    k: number;
                    /** @description Dead latents per token that reconstruct the residual. Default: half of d_in */
                    auxK?: number;
                    /**
                     * @description Weight of the auxiliary loss that revives dead latents; 0 switches it off
                     * @default 0.03125
                     */
                    auxCoefficient?: number;
                } | {
                    /** @description Name or id of a finished harvest */
                    harvest: string;
                    /** @description Name of the run and of its dictionary. Default: made from the settings */
                    name?: string;
                    /**
                     * @description What computes the steps
                     * @default auto
                     * @enum {string}
                     */
                    engine?: "auto" | "tensorflow" | "reference";
                    /** @description Start from the weights of a checkpoint: RUN (name or id; its newest), RUN@best or RUN@STEP */
                    from?: string;
                    /**
                     * @description A batch keeps its largest latents, k per token on average (Bussmann et al. 2024)
                     * @constant
                     */
                    architecture: "batchtopk";
                    /** @description Number of latents */
                    d_sae: number;
                    /** @description Number of training tokens; the harvest is read as often as this requires */
                    tokens: number;
                    /**
                     * @description Tokens per step
                     * @default 2048
                     */
                    batchSize?: number;
                    /**
                     * @description Seed of the initial weights and of the order of the tokens
                     * @default 0
                     */
                    seed?: number;
                    /** @description Highest learning rate of Adam. Default: falls with the length of the run and with the width */
                    learningRate?: number;
                    /** @description Steps over which the learning rate rises. Default: 5% of the run, up to 1000 */
                    warmupSteps?: number;
                    /** @description Last steps, over which the learning rate falls to zero. Default: 20% of the run */
                    decaySteps?: number;
                    /**
                     * @description Decay of Adam’s first moment
                     * @default 0.9
                     */
                    beta1?: number;
                    /**
                     * @description Decay of Adam’s second moment
                     * @default 0.999
                     */
                    beta2?: number;
                    /**
                     * @description Adam’s epsilon; small, since the loss is a mean
                     * @default 6.25e-10
                     */
                    epsilon?: number;
                    /**
                     * @description Limit on the norm of all gradients together; null for no limit
                     * @default 1
                     */
                    gradientClip?: number | null;
                    /** @description Tokens without firing after which a latent counts as dead. Default: 5% of the run, up to 10M */
                    deadAfterTokens?: number;
                    /** @description Steps, or shares of the run if below 1, at which dead latents get new directions and the learning rate rises again. Default: never; relu: 0.25, 0.5, 0.75 */
                    resampleAt?: number[];
                    /**
                     * @description Keep a checkpoint every so many steps, or every share of the run if below 1; null for none
                     * @default null
                     */
                    keepEvery?: number | null;
                    /**
                     * @description Keep checkpoints at these steps, or at these shares of the run if below 1
                     * @default []
                     */
                    keepAt?: number[];
                    /** @description Mean number of active latents per token */
                    k: number;
                    /** @description Dead latents per token that reconstruct the residual. Default: half of d_in */
                    auxK?: number;
                    /**
                     * @description Weight of the auxiliary loss that revives dead latents; 0 switches it off
                     * @default 0.03125
                     */
                    auxCoefficient?: number;
                    /** @description Steps after which the threshold for inference is averaged. Default: 20% of the run (our reading) */
                    averageFrom?: number;
                    /** @description Weight of the past in that average. Default: the start is forgotten by the end of the run; up to 0.999 (our reading) */
                    averageDecay?: number;
                } | {
                    /** @description Name or id of a finished harvest */
                    harvest: string;
                    /** @description Name of the run and of its dictionary. Default: made from the settings */
                    name?: string;
                    /**
                     * @description What computes the steps
                     * @default auto
                     * @enum {string}
                     */
                    engine?: "auto" | "tensorflow" | "reference";
                    /** @description Start from the weights of a checkpoint: RUN (name or id; its newest), RUN@best or RUN@STEP */
                    from?: string;
                    /**
                     * @description BatchTopK whose first latents also reconstruct alone, in nested groups (Bussmann et al. 2025)
                     * @constant
                     */
                    architecture: "matryoshka";
                    /** @description Number of latents */
                    d_sae: number;
                    /** @description Number of training tokens; the harvest is read as often as this requires */
                    tokens: number;
                    /**
                     * @description Tokens per step
                     * @default 2048
                     */
                    batchSize?: number;
                    /**
                     * @description Seed of the initial weights and of the order of the tokens
                     * @default 0
                     */
                    seed?: number;
                    /** @description Highest learning rate of Adam. Default: falls with the length of the run and with the width */
                    learningRate?: number;
                    /** @description Steps over which the learning rate rises. Default: 5% of the run, up to 1000 */
                    warmupSteps?: number;
                    /** @description Last steps, over which the learning rate falls to zero. Default: 20% of the run */
                    decaySteps?: number;
                    /**
                     * @description Decay of Adam’s first moment
                     * @default 0.9
                     */
                    beta1?: number;
                    /**
                     * @description Decay of Adam’s second moment
                     * @default 0.999
                     */
                    beta2?: number;
                    /**
                     * @description Adam’s epsilon; small, since the loss is a mean
                     * @default 6.25e-10
                     */
                    epsilon?: number;
                    /**
                     * @description Limit on the norm of all gradients together; null for no limit
                     * @default 1
                     */
                    gradientClip?: number | null;
                    /** @description Tokens without firing after which a latent counts as dead. Default: 5% of the run, up to 10M */
                    deadAfterTokens?: number;
                    /** @description Steps, or shares of the run if below 1, at which dead latents get new directions and the learning rate rises again. Default: never; relu: 0.25, 0.5, 0.75 */
                    resampleAt?: number[];
                    /**
                     * @description Keep a checkpoint every so many steps, or every share of the run if below 1; null for none
                     * @default null
                     */
                    keepEvery?: number | null;
                    /**
                     * @description Keep checkpoints at these steps, or at these shares of the run if below 1
                     * @default []
                     */
                    keepAt?: number[];
                    /** @description Mean number of active latents per token, over all groups */
                    k: number;
                    /** @description Groups of latents, the most general first: sizes that add up to d_sae, or shares that add up to 1. Default: 1/32, 1/16, 1/8, 1/4, rest */
                    groups?: number[];
                    /** @description Dead latents per token that reconstruct the residual. Default: half of d_in */
                    auxK?: number;
                    /**
                     * @description Weight of the auxiliary loss that revives dead latents; 0 switches it off
                     * @default 0.03125
                     */
                    auxCoefficient?: number;
                    /** @description Steps after which the threshold for inference is averaged. Default: 20% of the run (our reading) */
                    averageFrom?: number;
                    /** @description Weight of the past in that average. Default: the start is forgotten by the end of the run; up to 0.999 (our reading) */
                    averageDecay?: number;
                } | {
                    /** @description Name or id of a finished harvest */
                    harvest: string;
                    /** @description Name of the run and of its dictionary. Default: made from the settings */
                    name?: string;
                    /**
                     * @description What computes the steps
                     * @default auto
                     * @enum {string}
                     */
                    engine?: "auto" | "tensorflow" | "reference";
                    /** @description Start from the weights of a checkpoint: RUN (name or id; its newest), RUN@best or RUN@STEP */
                    from?: string;
                    /**
                     * @description A batch keeps its largest latents; dying ones are revived by a Zipf law (Ayonrinde 2024)
                     * @constant
                     */
                    architecture: "mutual-choice";
                    /** @description Number of latents */
                    d_sae: number;
                    /** @description Number of training tokens; the harvest is read as often as this requires */
                    tokens: number;
                    /**
                     * @description Tokens per step
                     * @default 2048
                     */
                    batchSize?: number;
                    /**
                     * @description Seed of the initial weights and of the order of the tokens
                     * @default 0
                     */
                    seed?: number;
                    /** @description Highest learning rate of Adam. Default: falls with the length of the run and with the width */
                    learningRate?: number;
                    /** @description Steps over which the learning rate rises. Default: 5% of the run, up to 1000 */
                    warmupSteps?: number;
                    /** @description Last steps, over which the learning rate falls to zero. Default: 20% of the run */
                    decaySteps?: number;
                    /**
                     * @description Decay of Adam’s first moment
                     * @default 0.9
                     */
                    beta1?: number;
                    /**
                     * @description Decay of Adam’s second moment
                     * @default 0.999
                     */
                    beta2?: number;
                    /**
                     * @description Adam’s epsilon; small, since the loss is a mean
                     * @default 6.25e-10
                     */
                    epsilon?: number;
                    /**
                     * @description Limit on the norm of all gradients together; null for no limit
                     * @default 1
                     */
                    gradientClip?: number | null;
                    /** @description Tokens without firing after which a latent counts as dead. Default: 5% of the run, up to 10M */
                    deadAfterTokens?: number;
                    /** @description Steps, or shares of the run if below 1, at which dead latents get new directions and the learning rate rises again. Default: never; relu: 0.25, 0.5, 0.75 */
                    resampleAt?: number[];
                    /**
                     * @description Keep a checkpoint every so many steps, or every share of the run if below 1; null for none
                     * @default null
                     */
                    keepEvery?: number | null;
                    /**
                     * @description Keep checkpoints at these steps, or at these shares of the run if below 1
                     * @default []
                     */
                    keepAt?: number[];
                    /** @description Mean number of active latents per token */
                    k: number;
                    /** @description Dead latents per token that reconstruct the residual. Default: half of d_in */
                    auxK?: number;
                    /**
                     * @description Weight of the auxiliary loss that revives dead latents; 0 switches it off
                     * @default 0.03125
                     */
                    auxCoefficient?: number;
                    /**
                     * @description Which latents the auxiliary loss revives: dead and dying ones (aux-zipf), or only dead ones (aux-k)
                     * @default aux-zipf
                     * @enum {string}
                     */
                    auxLoss?: "aux-zipf" | "aux-k";
                    /**
                     * @description Latents whose firing is below this share of the Zipf law count as dying; 0: only dead latents are revived (our reading)
                     * @default 0.1
                     */
                    tau?: number;
                    /**
                     * @description Zipf law of firing: (rank + offset)^-exponent; 0: uniform (our reading)
                     * @default 1
                     */
                    zipfExponent?: number;
                    /**
                     * @description Zipf law of firing: (rank + offset)^-exponent (our reading)
                     * @default 0
                     */
                    zipfOffset?: number;
                    /**
                     * @description Find dying latents by a law fitted to the densities of the run instead (our reading)
                     * @default false
                     */
                    zipfFit?: boolean;
                    /** @description Steps after which the threshold for inference is averaged. Default: 20% of the run (our reading) */
                    averageFrom?: number;
                    /** @description Weight of the past in that average. Default: the start is forgotten by the end of the run; up to 0.999 (our reading) */
                    averageDecay?: number;
                } | {
                    /** @description Name or id of a finished harvest */
                    harvest: string;
                    /** @description Name of the run and of its dictionary. Default: made from the settings */
                    name?: string;
                    /**
                     * @description What computes the steps
                     * @default auto
                     * @enum {string}
                     */
                    engine?: "auto" | "tensorflow" | "reference";
                    /** @description Start from the weights of a checkpoint: RUN (name or id; its newest), RUN@best or RUN@STEP */
                    from?: string;
                    /**
                     * @description Every latent takes the tokens on which it is largest, up to its cap (Ayonrinde 2024)
                     * @constant
                     */
                    architecture: "feature-choice";
                    /** @description Number of latents */
                    d_sae: number;
                    /** @description Number of training tokens; the harvest is read as often as this requires */
                    tokens: number;
                    /**
                     * @description Tokens per step
                     * @default 2048
                     */
                    batchSize?: number;
                    /**
                     * @description Seed of the initial weights and of the order of the tokens
                     * @default 0
                     */
                    seed?: number;
                    /** @description Highest learning rate of Adam. Default: falls with the length of the run and with the width */
                    learningRate?: number;
                    /** @description Steps over which the learning rate rises. Default: 5% of the run, up to 1000 */
                    warmupSteps?: number;
                    /** @description Last steps, over which the learning rate falls to zero. Default: 20% of the run */
                    decaySteps?: number;
                    /**
                     * @description Decay of Adam’s first moment
                     * @default 0.9
                     */
                    beta1?: number;
                    /**
                     * @description Decay of Adam’s second moment
                     * @default 0.999
                     */
                    beta2?: number;
                    /**
                     * @description Adam’s epsilon; small, since the loss is a mean
                     * @default 6.25e-10
                     */
                    epsilon?: number;
                    /**
                     * @description Limit on the norm of all gradients together; null for no limit
                     * @default 1
                     */
                    gradientClip?: number | null;
                    /** @description Tokens without firing after which a latent counts as dead. Default: 5% of the run, up to 10M */
                    deadAfterTokens?: number;
                    /** @description Steps, or shares of the run if below 1, at which dead latents get new directions and the learning rate rises again. Default: never; relu: 0.25, 0.5, 0.75 */
                    resampleAt?: number[];
                    /**
                     * @description Keep a checkpoint every so many steps, or every share of the run if below 1; null for none
                     * @default null
                     */
                    keepEvery?: number | null;
                    /**
                     * @description Keep checkpoints at these steps, or at these shares of the run if below 1
                     * @default []
                     */
                    keepAt?: number[];
                    /** @description Mean number of active latents per token, if every cap is filled */
                    k: number;
                    /**
                     * @description How the budget is spread over latents: by a Zipf law over their ranks by density, or equally (our reading)
                     * @default zipf
                     * @enum {string}
                     */
                    caps?: "zipf" | "uniform";
                    /**
                     * @description Share of the run under Mutual Choice, during which latents find their ranks; 0: Feature Choice from the start (our reading)
                     * @default 0.8
                     */
                    mutualShare?: number;
                    /**
                     * @description Steps after which latents are ranked again; null for never (our reading)
                     * @default null
                     */
                    rankEvery?: number | null;
                    /** @description Dead latents per token that reconstruct the residual. Default: half of d_in */
                    auxK?: number;
                    /**
                     * @description Weight of the auxiliary loss that revives dead latents; 0 switches it off
                     * @default 0.03125
                     */
                    auxCoefficient?: number;
                    /**
                     * @description Latents whose firing is below this share of the Zipf law count as dying; 0: only dead latents are revived (our reading)
                     * @default 0.1
                     */
                    tau?: number;
                    /**
                     * @description Zipf law of firing: (rank + offset)^-exponent; 0: uniform (our reading)
                     * @default 1
                     */
                    zipfExponent?: number;
                    /**
                     * @description Zipf law of firing: (rank + offset)^-exponent (our reading)
                     * @default 0
                     */
                    zipfOffset?: number;
                    /**
                     * @description Find dying latents by a law fitted to the densities of the run instead (our reading)
                     * @default false
                     */
                    zipfFit?: boolean;
                    /** @description Steps after which the threshold for inference is averaged. Default: 20% of the run (our reading) */
                    averageFrom?: number;
                    /** @description Weight of the past in that average. Default: the start is forgotten by the end of the run; up to 0.999 (our reading) */
                    averageDecay?: number;
                } | {
                    /** @description Name or id of a finished harvest */
                    harvest: string;
                    /** @description Name of the run and of its dictionary. Default: made from the settings */
                    name?: string;
                    /**
                     * @description What computes the steps
                     * @default auto
                     * @enum {string}
                     */
                    engine?: "auto" | "tensorflow" | "reference";
                    /** @description Start from the weights of a checkpoint: RUN (name or id; its newest), RUN@best or RUN@STEP */
                    from?: string;
                    /**
                     * @description Every token keeps the k latents with most activation and effect on the loss (Olmo et al. 2024)
                     * @constant
                     */
                    architecture: "gradient";
                    /** @description Number of latents */
                    d_sae: number;
                    /** @description Number of training tokens; the harvest is read as often as this requires */
                    tokens: number;
                    /**
                     * @description Tokens per step
                     * @default 2048
                     */
                    batchSize?: number;
                    /**
                     * @description Seed of the initial weights and of the order of the tokens
                     * @default 0
                     */
                    seed?: number;
                    /** @description Highest learning rate of Adam. Default: falls with the length of the run and with the width */
                    learningRate?: number;
                    /** @description Steps over which the learning rate rises. Default: 5% of the run, up to 1000 */
                    warmupSteps?: number;
                    /** @description Last steps, over which the learning rate falls to zero. Default: 20% of the run */
                    decaySteps?: number;
                    /**
                     * @description Decay of Adam’s first moment
                     * @default 0.9
                     */
                    beta1?: number;
                    /**
                     * @description Decay of Adam’s second moment
                     * @default 0.999
                     */
                    beta2?: number;
                    /**
                     * @description Adam’s epsilon; small, since the loss is a mean
                     * @default 6.25e-10
                     */
                    epsilon?: number;
                    /**
                     * @description Limit on the norm of all gradients together; null for no limit
                     * @default 1
                     */
                    gradientClip?: number | null;
                    /** @description Tokens without firing after which a latent counts as dead. Default: 5% of the run, up to 10M */
                    deadAfterTokens?: number;
                    /** @description Steps, or shares of the run if below 1, at which dead latents get new directions and the learning rate rises again. Default: never; relu: 0.25, 0.5, 0.75 */
                    resampleAt?: number[];
                    /**
                     * @description Keep a checkpoint every so many steps, or every share of the run if below 1; null for none
                     * @default null
                     */
                    keepEvery?: number | null;
                    /**
                     * @description Keep checkpoints at these steps, or at these shares of the run if below 1
                     * @default []
                     */
                    keepAt?: number[];
                    /** @description Active latents per token */
                    k: number;
                    /**
                     * @description Weight of the gradient in the ranking; 0: TopK. Default: 1 (our reading)
                     * @default 1
                     */
                    beta?: number;
                    /**
                     * @description What gradients along latents are divided by: their root mean square, nothing, or the largest of a token (our reading)
                     * @default rms
                     * @enum {string}
                     */
                    normalisation?: "rms" | "raw" | "token-max";
                    /**
                     * @description What the saved dictionary does without gradients: plain TopK, or all latents above a threshold (our reading)
                     * @default no-gradient
                     * @enum {string}
                     */
                    inference?: "no-gradient" | "threshold";
                    /** @description Dead latents per token that reconstruct the residual. Default: half of d_in */
                    auxK?: number;
                    /**
                     * @description Weight of the auxiliary loss that revives dead latents; 0 switches it off
                     * @default 0.03125
                     */
                    auxCoefficient?: number;
                    /** @description Steps after which the threshold for inference is averaged. Default: 20% of the run (our reading) */
                    averageFrom?: number;
                    /** @description Weight of the past in that average. Default: the start is forgotten by the end of the run; up to 0.999 (our reading) */
                    averageDecay?: number;
                } | {
                    /** @description Name or id of a finished harvest */
                    harvest: string;
                    /** @description Name of the run and of its dictionary. Default: made from the settings */
                    name?: string;
                    /**
                     * @description What computes the steps
                     * @default auto
                     * @enum {string}
                     */
                    engine?: "auto" | "tensorflow" | "reference";
                    /** @description Start from the weights of a checkpoint: RUN (name or id; its newest), RUN@best or RUN@STEP */
                    from?: string;
                    /**
                     * @description Every positive latent is on; an L1 loss keeps them few, dead ones are resampled (Bricken et al. 2023)
                     * @constant
                     */
                    architecture: "relu";
                    /** @description Number of latents */
                    d_sae: number;
                    /** @description Number of training tokens; the harvest is read as often as this requires */
                    tokens: number;
                    /**
                     * @description Tokens per step
                     * @default 2048
                     */
                    batchSize?: number;
                    /**
                     * @description Seed of the initial weights and of the order of the tokens
                     * @default 0
                     */
                    seed?: number;
                    /** @description Highest learning rate of Adam. Default: falls with the length of the run and with the width */
                    learningRate?: number;
                    /** @description Steps over which the learning rate rises. Default: 5% of the run, up to 1000 */
                    warmupSteps?: number;
                    /** @description Last steps, over which the learning rate falls to zero. Default: 20% of the run */
                    decaySteps?: number;
                    /**
                     * @description Decay of Adam’s first moment
                     * @default 0.9
                     */
                    beta1?: number;
                    /**
                     * @description Decay of Adam’s second moment
                     * @default 0.999
                     */
                    beta2?: number;
                    /**
                     * @description Adam’s epsilon; small, since the loss is a mean
                     * @default 6.25e-10
                     */
                    epsilon?: number;
                    /**
                     * @description Limit on the norm of all gradients together; null for no limit
                     * @default 1
                     */
                    gradientClip?: number | null;
                    /** @description Tokens without firing after which a latent counts as dead. Default: 5% of the run, up to 10M */
                    deadAfterTokens?: number;
                    /** @description Steps, or shares of the run if below 1, at which dead latents get new directions and the learning rate rises again. Default: never; relu: 0.25, 0.5, 0.75 */
                    resampleAt?: number[];
                    /**
                     * @description Keep a checkpoint every so many steps, or every share of the run if below 1; null for none
                     * @default null
                     */
                    keepEvery?: number | null;
                    /**
                     * @description Keep checkpoints at these steps, or at these shares of the run if below 1
                     * @default []
                     */
                    keepAt?: number[];
                    /** @description Target for the mean number of active latents per token: our controller adapts l1Coefficient. Absent: l1Coefficient stays fixed */
                    k?: number;
                    /** @description Weight of Σ|z| relative to ‖x − x̂‖², for inputs with mean ‖x‖² = d_in. Default: 5; with k, 0.1 at first, because the first biases let about k latents through */
                    l1Coefficient?: number;
                    /** @description How far our controller moves log(l1Coefficient) in a step. Default: 16 / steps, up to 0.05 (our reading) */
                    l1Gain?: number;
                    /**
                     * @description Steps, or a share of the run if below 1, over which the sparsity loss rises to its full strength
                     * @default 0.05
                     */
                    sparsityWarmup?: number;
                } | {
                    /** @description Name or id of a finished harvest */
                    harvest: string;
                    /** @description Name of the run and of its dictionary. Default: made from the settings */
                    name?: string;
                    /**
                     * @description What computes the steps
                     * @default auto
                     * @enum {string}
                     */
                    engine?: "auto" | "tensorflow" | "reference";
                    /** @description Start from the weights of a checkpoint: RUN (name or id; its newest), RUN@best or RUN@STEP */
                    from?: string;
                    /**
                     * @description A latent is on above its own threshold, which is trained (Rajamanoharan et al. 2024)
                     * @constant
                     */
                    architecture: "jumprelu";
                    /** @description Number of latents */
                    d_sae: number;
                    /** @description Number of training tokens; the harvest is read as often as this requires */
                    tokens: number;
                    /**
                     * @description Tokens per step
                     * @default 2048
                     */
                    batchSize?: number;
                    /**
                     * @description Seed of the initial weights and of the order of the tokens
                     * @default 0
                     */
                    seed?: number;
                    /** @description Highest learning rate of Adam. Default: falls with the length of the run and with the width */
                    learningRate?: number;
                    /** @description Steps over which the learning rate rises. Default: 5% of the run, up to 1000 */
                    warmupSteps?: number;
                    /** @description Last steps, over which the learning rate falls to zero. Default: 20% of the run */
                    decaySteps?: number;
                    /**
                     * @description Decay of Adam’s first moment
                     * @default 0.9
                     */
                    beta1?: number;
                    /**
                     * @description Decay of Adam’s second moment
                     * @default 0.999
                     */
                    beta2?: number;
                    /**
                     * @description Adam’s epsilon; small, since the loss is a mean
                     * @default 6.25e-10
                     */
                    epsilon?: number;
                    /**
                     * @description Limit on the norm of all gradients together; null for no limit
                     * @default 1
                     */
                    gradientClip?: number | null;
                    /** @description Tokens without firing after which a latent counts as dead. Default: 5% of the run, up to 10M */
                    deadAfterTokens?: number;
                    /** @description Steps, or shares of the run if below 1, at which dead latents get new directions and the learning rate rises again. Default: never; relu: 0.25, 0.5, 0.75 */
                    resampleAt?: number[];
                    /**
                     * @description Keep a checkpoint every so many steps, or every share of the run if below 1; null for none
                     * @default null
                     */
                    keepEvery?: number | null;
                    /**
                     * @description Keep checkpoints at these steps, or at these shares of the run if below 1
                     * @default []
                     */
                    keepAt?: number[];
                    /** @description Mean number of active latents per token: the loss holds l0Coefficient · (L0 / k − 1)². Absent: l0Coefficient · L0 */
                    k?: number;
                    /**
                     * @description Weight of the L0 loss relative to the squared error, which is 1 for a constant output (the mean). Without k: about 0.001
                     * @default 1
                     */
                    l0Coefficient?: number;
                    /** @description Width of the kernel that estimates gradients of thresholds, for inputs with mean ‖x‖² = 1. Default: with k, 0.1 (our reading: a narrow kernel sees too few activations of a batch, and latents die); without k, 0.001 as in the paper */
                    bandwidth?: number;
                    /** @description First threshold of all latents, for inputs with mean ‖x‖² = 1. Default: with k, a threshold that lets about k latents through at the first step (our reading); without k, 0.001 as in the paper */
                    firstThreshold?: number;
                    /** @description Dead latents per token that reconstruct the residual. Default: half of d_in */
                    auxK?: number;
                    /**
                     * @description Weight of the auxiliary loss that revives dead latents; 0 switches it off
                     * @default 0.03125
                     */
                    auxCoefficient?: number;
                    /**
                     * @description Steps, or a share of the run if below 1, over which the sparsity loss rises to its full strength
                     * @default 0.05
                     */
                    sparsityWarmup?: number;
                } | {
                    /** @description Name or id of a finished harvest */
                    harvest: string;
                    /** @description Name of the run and of its dictionary. Default: made from the settings */
                    name?: string;
                    /**
                     * @description What computes the steps
                     * @default auto
                     * @enum {string}
                     */
                    engine?: "auto" | "tensorflow" | "reference";
                    /** @description Start from the weights of a checkpoint: RUN (name or id; its newest), RUN@best or RUN@STEP */
                    from?: string;
                    /**
                     * @description Gates say which latents are on, magnitudes how strongly; L1 weighs on gates alone (Rajamanoharan et al. 2024)
                     * @constant
                     */
                    architecture: "gated";
                    /** @description Number of latents */
                    d_sae: number;
                    /** @description Number of training tokens; the harvest is read as often as this requires */
                    tokens: number;
                    /**
                     * @description Tokens per step
                     * @default 2048
                     */
                    batchSize?: number;
                    /**
                     * @description Seed of the initial weights and of the order of the tokens
                     * @default 0
                     */
                    seed?: number;
                    /** @description Highest learning rate of Adam. Default: falls with the length of the run and with the width */
                    learningRate?: number;
                    /** @description Steps over which the learning rate rises. Default: 5% of the run, up to 1000 */
                    warmupSteps?: number;
                    /** @description Last steps, over which the learning rate falls to zero. Default: 20% of the run */
                    decaySteps?: number;
                    /**
                     * @description Decay of Adam’s first moment
                     * @default 0.9
                     */
                    beta1?: number;
                    /**
                     * @description Decay of Adam’s second moment
                     * @default 0.999
                     */
                    beta2?: number;
                    /**
                     * @description Adam’s epsilon; small, since the loss is a mean
                     * @default 6.25e-10
                     */
                    epsilon?: number;
                    /**
                     * @description Limit on the norm of all gradients together; null for no limit
                     * @default 1
                     */
                    gradientClip?: number | null;
                    /** @description Tokens without firing after which a latent counts as dead. Default: 5% of the run, up to 10M */
                    deadAfterTokens?: number;
                    /** @description Steps, or shares of the run if below 1, at which dead latents get new directions and the learning rate rises again. Default: never; relu: 0.25, 0.5, 0.75 */
                    resampleAt?: number[];
                    /**
                     * @description Keep a checkpoint every so many steps, or every share of the run if below 1; null for none
                     * @default null
                     */
                    keepEvery?: number | null;
                    /**
                     * @description Keep checkpoints at these steps, or at these shares of the run if below 1
                     * @default []
                     */
                    keepAt?: number[];
                    /** @description Target for the mean number of active latents per token: our controller adapts l1Coefficient. Absent: l1Coefficient stays fixed */
                    k?: number;
                    /** @description Weight of Σ|z| relative to ‖x − x̂‖², for inputs with mean ‖x‖² = d_in. Default: 5; with k, 0.1 at first, because the first biases let about k latents through */
                    l1Coefficient?: number;
                    /** @description How far our controller moves log(l1Coefficient) in a step. Default: 16 / steps, up to 0.05 (our reading) */
                    l1Gain?: number;
                    /**
                     * @description Steps, or a share of the run if below 1, over which the sparsity loss rises to its full strength
                     * @default 0.05
                     */
                    sparsityWarmup?: number;
                } | {
                    /** @description Name or id of a finished harvest */
                    harvest: string;
                    /** @description Name of the run and of its dictionary. Default: made from the settings */
                    name?: string;
                    /**
                     * @description What computes the steps
                     * @default auto
                     * @enum {string}
                     */
                    engine?: "auto" | "tensorflow" | "reference";
                    /** @description Start from the weights of a checkpoint: RUN (name or id; its newest), RUN@best or RUN@STEP */
                    from?: string;
                    /**
                     * @description TopK latents of an input reconstruct another activation (Dunefsky et al. 2024)
                     * @constant
                     */
                    architecture: "transcoder";
                    /** @description Number of latents */
                    d_sae: number;
                    /** @description Number of training tokens; the harvest is read as often as this requires */
                    tokens: number;
                    /**
                     * @description Tokens per step
                     * @default 2048
                     */
                    batchSize?: number;
                    /**
                     * @description Seed of the initial weights and of the order of the tokens
                     * @default 0
                     */
                    seed?: number;
                    /** @description Highest learning rate of Adam. Default: falls with the length of the run and with the width */
                    learningRate?: number;
                    /** @description Steps over which the learning rate rises. Default: 5% of the run, up to 1000 */
                    warmupSteps?: number;
                    /** @description Last steps, over which the learning rate falls to zero. Default: 20% of the run */
                    decaySteps?: number;
                    /**
                     * @description Decay of Adam’s first moment
                     * @default 0.9
                     */
                    beta1?: number;
                    /**
                     * @description Decay of Adam’s second moment
                     * @default 0.999
                     */
                    beta2?: number;
                    /**
                     * @description Adam’s epsilon; small, since the loss is a mean
                     * @default 6.25e-10
                     */
                    epsilon?: number;
                    /**
                     * @description Limit on the norm of all gradients together; null for no limit
                     * @default 1
                     */
                    gradientClip?: number | null;
                    /** @description Tokens without firing after which a latent counts as dead. Default: 5% of the run, up to 10M */
                    deadAfterTokens?: number;
                    /** @description Steps, or shares of the run if below 1, at which dead latents get new directions and the learning rate rises again. Default: never; relu: 0.25, 0.5, 0.75 */
                    resampleAt?: number[];
                    /**
                     * @description Keep a checkpoint every so many steps, or every share of the run if below 1; null for none
                     * @default null
                     */
                    keepEvery?: number | null;
                    /**
                     * @description Keep checkpoints at these steps, or at these shares of the run if below 1
                     * @default []
                     */
                    keepAt?: number[];
                    /** @description Active latents per token */
                    k: number;
                    /** @description Dead latents per token that reconstruct the residual. Default: half of d_in */
                    auxK?: number;
                    /**
                     * @description Weight of the auxiliary loss that revives dead latents; 0 switches it off
                     * @default 0.03125
                     */
                    auxCoefficient?: number;
                } | {
                    /** @description Name or id of a finished harvest */
                    harvest: string;
                    /** @description Name of the run and of its dictionary. Default: made from the settings */
                    name?: string;
                    /**
                     * @description What computes the steps
                     * @default auto
                     * @enum {string}
                     */
                    engine?: "auto" | "tensorflow" | "reference";
                    /** @description Start from the weights of a checkpoint: RUN (name or id; its newest), RUN@best or RUN@STEP */
                    from?: string;
                    /**
                     * @description A transcoder that adds a linear map of the input to its output (Paulo et al. 2025)
                     * @constant
                     */
                    architecture: "skip-transcoder";
                    /** @description Number of latents */
                    d_sae: number;
                    /** @description Number of training tokens; the harvest is read as often as this requires */
                    tokens: number;
                    /**
                     * @description Tokens per step
                     * @default 2048
                     */
                    batchSize?: number;
                    /**
                     * @description Seed of the initial weights and of the order of the tokens
                     * @default 0
                     */
                    seed?: number;
                    /** @description Highest learning rate of Adam. Default: falls with the length of the run and with the width */
                    learningRate?: number;
                    /** @description Steps over which the learning rate rises. Default: 5% of the run, up to 1000 */
                    warmupSteps?: number;
                    /** @description Last steps, over which the learning rate falls to zero. Default: 20% of the run */
                    decaySteps?: number;
                    /**
                     * @description Decay of Adam’s first moment
                     * @default 0.9
                     */
                    beta1?: number;
                    /**
                     * @description Decay of Adam’s second moment
                     * @default 0.999
                     */
                    beta2?: number;
                    /**
                     * @description Adam’s epsilon; small, since the loss is a mean
                     * @default 6.25e-10
                     */
                    epsilon?: number;
                    /**
                     * @description Limit on the norm of all gradients together; null for no limit
                     * @default 1
                     */
                    gradientClip?: number | null;
                    /** @description Tokens without firing after which a latent counts as dead. Default: 5% of the run, up to 10M */
                    deadAfterTokens?: number;
                    /** @description Steps, or shares of the run if below 1, at which dead latents get new directions and the learning rate rises again. Default: never; relu: 0.25, 0.5, 0.75 */
                    resampleAt?: number[];
                    /**
                     * @description Keep a checkpoint every so many steps, or every share of the run if below 1; null for none
                     * @default null
                     */
                    keepEvery?: number | null;
                    /**
                     * @description Keep checkpoints at these steps, or at these shares of the run if below 1
                     * @default []
                     */
                    keepAt?: number[];
                    /** @description Active latents per token */
                    k: number;
                    /** @description Dead latents per token that reconstruct the residual. Default: half of d_in */
                    auxK?: number;
                    /**
                     * @description Weight of the auxiliary loss that revives dead latents; 0 switches it off
                     * @default 0.03125
                     */
                    auxCoefficient?: number;
                };
            };
        };
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: uuid
                         * @description Id of the run
                         */
                        run: string;
                        /** @description Name of the run */
                        name: string;
                        /**
                         * Format: uuid
                         * @description Id of the job that trains it
                         */
                        job: string;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getRunsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the run */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        run: {
                            /** @description Id */
                            id: string;
                            /** @description Name of the run, and of the dictionary it makes */
                            name: string;
                            harvest: {
                                /** @description Id */
                                id: string;
                                /** @description Name */
                                name: string;
                                /** @description Where the activations were taken */
                                hook: string;
                                model: {
                                    /** @description Id */
                                    id: string;
                                    /** @description Name */
                                    name: string;
                                };
                            };
                            /** @description Kind of sparse autoencoder */
                            architecture: string;
                            /** @description Seed */
                            seed: number;
                            /** @description Every setting, with the defaults filled in */
                            config: {
                                /** @description Kind of sparse autoencoder */
                                architecture: string;
                                /** @description Width of the activations */
                                d_in: number;
                                /** @description Number of latents */
                                d_sae: number;
                                /** @description Training tokens in total */
                                tokens: number;
                                /** @description Tokens per step */
                                batchSize: number;
                            } & {
                                [key: string]: unknown;
                            };
                            /** @description What computes the steps; "auto" until a worker takes the run */
                            engine: string;
                            /** @description cpu or cuda; empty until a worker takes the run */
                            device: string;
                            /**
                             * @description pending: in the queue; running: started; finished, failed and cancelled: ended
                             * @enum {string}
                             */
                            status: "pending" | "running" | "finished" | "failed" | "cancelled";
                            /** @description Steps done */
                            step: number;
                            /** @description Steps in total */
                            steps: number;
                            /** @description The newest figures; null before the first */
                            metrics: {
                                /** @description Figures of one training batch */
                                training?: {
                                    /** @description Loss of one batch, in scaled units */
                                    loss?: number | null;
                                    /** @description Parts of the loss, with their weights */
                                    parts?: {
                                        [key: string]: number | null;
                                    };
                                    /** @description Mean number of active latents per token */
                                    l0?: number | null;
                                    /** @description 1 − Σ‖x − x̂‖² / Σ‖x − mean x‖² over the batch */
                                    explainedVariance?: number | null;
                                    /** @description Latents that have not fired for deadAfterTokens tokens */
                                    deadLatents?: number | null;
                                    /** @description Latents that are not dead but fire less than tau times the density that a Zipf law expects at their rank */
                                    dyingLatents?: number | null;
                                    /** @description Norm of all gradients together, before clipping */
                                    gradientNorm?: number | null;
                                    /** @description Single numbers that the selection rule carries from step to step, e.g. its threshold; in scaled units */
                                    selection?: {
                                        [key: string]: number | null;
                                    };
                                    /** @description Single numbers that parts of the loss carry, e.g. a coefficient that is adapted */
                                    losses?: {
                                        [key: string]: number | null;
                                    };
                                    /** @description Learning rate of this step */
                                    learningRate?: number | null;
                                    /** @description Tokens per second since the previous record */
                                    tokensPerSecond?: number | null;
                                };
                                /** @description Figures of held-out tokens, by the inference rule: each token on its own */
                                heldOut?: {
                                    /** @description tokens: tokens measured */
                                    tokens?: number | null;
                                    /** @description L0: E #{f : z_f > 0} */
                                    l0?: number | null;
                                    /** @description mean squared error: E ‖x − x̂‖² / d */
                                    mse?: number | null;
                                    /** @description explained variance: 1 − E‖x − x̂‖² / E‖x − Ex‖², about the mean of all measured tokens */
                                    explainedVariance?: number | null;
                                    /** @description fraction of variance unexplained: E‖x − x̂‖² / E‖x − Ex‖² = 1 − explained variance */
                                    nmse?: number | null;
                                    /** @description cosine: E (x · x̂) / (‖x‖ ‖x̂‖) */
                                    cosine?: number | null;
                                    /** @description L2 ratio: E ‖x̂‖ / ‖x‖; 1 means no shrinkage */
                                    l2Ratio?: number | null;
                                    /** @description relative reconstruction bias: γ = E‖x̂‖² / E(x · x̂); 1 means no shrinkage (Rajamanoharan et al. 2024) */
                                    reconstructionBias?: number | null;
                                    /** @description dead share: #{f : z_f = 0 on every measured token} / d_sae; depends on the number of tokens */
                                    deadShare?: number | null;
                                    /** @description By the training rule: a batch selected together. Absent where the two rules are the same */
                                    byTraining?: {
                                        /** @description L0: E #{f : z_f > 0} */
                                        l0?: number | null;
                                        /** @description explained variance: 1 − E‖x − x̂‖² / E‖x − Ex‖², about the mean of all measured tokens */
                                        explainedVariance?: number | null;
                                        /** @description fraction of variance unexplained: E‖x − x̂‖² / E‖x − Ex‖² = 1 − explained variance */
                                        nmse?: number | null;
                                        /** @description dead share: #{f : z_f = 0 on every measured token} / d_sae; depends on the number of tokens */
                                        deadShare?: number | null;
                                    };
                                };
                            } | null;
                            /** @description Why it failed */
                            error: {
                                /** @description Kind of error */
                                code: string;
                                /** @description What happened */
                                message: string;
                            } | null;
                            /** @description Mean over the newest records; null before the first */
                            tokensPerSecond: number | null;
                            /** @description Null unless a live worker is training the run */
                            secondsLeft: number | null;
                            job: {
                                /** @description Id of the job */
                                id: string;
                                /**
                                 * @description pending: in the queue; running: started; finished, failed and cancelled: ended
                                 * @enum {string}
                                 */
                                status: "pending" | "running" | "finished" | "failed" | "cancelled";
                                /** @description Whether a live worker computes a part of it */
                                hasLiveWorker: boolean;
                            } | null;
                            /** @description The dictionary it made */
                            dictionary: {
                                /** @description Id */
                                id: string;
                                /** @description Name */
                                name: string;
                            } | null;
                            /** @description The sweep it is part of */
                            sweep: {
                                /** @description Id */
                                id: string;
                                /** @description Name */
                                name: string;
                            } | null;
                            /**
                             * Format: date-time
                             * @description When the run was created
                             */
                            createdAt: string;
                            finishedAt: string | null;
                            /** @description An interrupted run continues from the newest; other runs can start from any of them. Newest first */
                            checkpoints: {
                                /** @description Id */
                                id: string;
                                /** @description Steps done when it was stored */
                                step: number;
                                /** @description Size in bytes */
                                bytes: number;
                                /** @description Whether it stays when newer ones are stored */
                                kept: boolean;
                                /** @description Whether it is the best of its run by held-out explained variance */
                                best: boolean;
                                /** @description Held-out figures, if they were measured at this step */
                                metrics: {
                                    /** @description tokens: tokens measured */
                                    tokens?: number | null;
                                    /** @description L0: E #{f : z_f > 0} */
                                    l0?: number | null;
                                    /** @description mean squared error: E ‖x − x̂‖² / d */
                                    mse?: number | null;
                                    /** @description explained variance: 1 − E‖x − x̂‖² / E‖x − Ex‖², about the mean of all measured tokens */
                                    explainedVariance?: number | null;
                                    /** @description fraction of variance unexplained: E‖x − x̂‖² / E‖x − Ex‖² = 1 − explained variance */
                                    nmse?: number | null;
                                    /** @description cosine: E (x · x̂) / (‖x‖ ‖x̂‖) */
                                    cosine?: number | null;
                                    /** @description L2 ratio: E ‖x̂‖ / ‖x‖; 1 means no shrinkage */
                                    l2Ratio?: number | null;
                                    /** @description relative reconstruction bias: γ = E‖x̂‖² / E(x · x̂); 1 means no shrinkage (Rajamanoharan et al. 2024) */
                                    reconstructionBias?: number | null;
                                    /** @description dead share: #{f : z_f = 0 on every measured token} / d_sae; depends on the number of tokens */
                                    deadShare?: number | null;
                                    /** @description By the training rule: a batch selected together. Absent where the two rules are the same */
                                    byTraining?: {
                                        /** @description L0: E #{f : z_f > 0} */
                                        l0?: number | null;
                                        /** @description explained variance: 1 − E‖x − x̂‖² / E‖x − Ex‖², about the mean of all measured tokens */
                                        explainedVariance?: number | null;
                                        /** @description fraction of variance unexplained: E‖x − x̂‖² / E‖x − Ex‖² = 1 − explained variance */
                                        nmse?: number | null;
                                        /** @description dead share: #{f : z_f = 0 on every measured token} / d_sae; depends on the number of tokens */
                                        deadShare?: number | null;
                                    };
                                } | null;
                                /**
                                 * Format: date-time
                                 * @description When it was stored
                                 */
                                createdAt: string;
                            }[];
                            /** @description The checkpoint it started from */
                            parent: {
                                /**
                                 * Format: uuid
                                 * @description Id of the run
                                 */
                                run: string;
                                /** @description Name of the run */
                                name: string;
                                /** @description Step of the checkpoint */
                                step: number;
                                /** @description SHA-256 of its bytes, in hexadecimal */
                                sha256: string;
                            } | null;
                            /** @description Whether its harvest has held-out tokens, on which the run is measured */
                            holdsOut: boolean;
                            /** @description The settings that differ from their defaults */
                            settings: {
                                [key: string]: unknown;
                            };
                            /** @description Command that trains the same weights again, under another name */
                            command: string;
                        };
                        /** @description Number of live workers; with 0, jobs wait */
                        workers: number;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getRunsIdMetrics: {
        parameters: {
            query?: {
                /** @description First step */
                from?: number;
                /** @description About the highest number of points in the answer */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Id of the run */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description By step */
                        points: {
                            /** @description Steps done */
                            step: number;
                            /** @description Training tokens so far */
                            tokens: number;
                            /** @description "training" and "heldOut", each if it was measured at this step */
                            metrics: {
                                /** @description Figures of one training batch */
                                training?: {
                                    /** @description Loss of one batch, in scaled units */
                                    loss?: number | null;
                                    /** @description Parts of the loss, with their weights */
                                    parts?: {
                                        [key: string]: number | null;
                                    };
                                    /** @description Mean number of active latents per token */
                                    l0?: number | null;
                                    /** @description 1 − Σ‖x − x̂‖² / Σ‖x − mean x‖² over the batch */
                                    explainedVariance?: number | null;
                                    /** @description Latents that have not fired for deadAfterTokens tokens */
                                    deadLatents?: number | null;
                                    /** @description Latents that are not dead but fire less than tau times the density that a Zipf law expects at their rank */
                                    dyingLatents?: number | null;
                                    /** @description Norm of all gradients together, before clipping */
                                    gradientNorm?: number | null;
                                    /** @description Single numbers that the selection rule carries from step to step, e.g. its threshold; in scaled units */
                                    selection?: {
                                        [key: string]: number | null;
                                    };
                                    /** @description Single numbers that parts of the loss carry, e.g. a coefficient that is adapted */
                                    losses?: {
                                        [key: string]: number | null;
                                    };
                                    /** @description Learning rate of this step */
                                    learningRate?: number | null;
                                    /** @description Tokens per second since the previous record */
                                    tokensPerSecond?: number | null;
                                };
                                /** @description Figures of held-out tokens, by the inference rule: each token on its own */
                                heldOut?: {
                                    /** @description tokens: tokens measured */
                                    tokens?: number | null;
                                    /** @description L0: E #{f : z_f > 0} */
                                    l0?: number | null;
                                    /** @description mean squared error: E ‖x − x̂‖² / d */
                                    mse?: number | null;
                                    /** @description explained variance: 1 − E‖x − x̂‖² / E‖x − Ex‖², about the mean of all measured tokens */
                                    explainedVariance?: number | null;
                                    /** @description fraction of variance unexplained: E‖x − x̂‖² / E‖x − Ex‖² = 1 − explained variance */
                                    nmse?: number | null;
                                    /** @description cosine: E (x · x̂) / (‖x‖ ‖x̂‖) */
                                    cosine?: number | null;
                                    /** @description L2 ratio: E ‖x̂‖ / ‖x‖; 1 means no shrinkage */
                                    l2Ratio?: number | null;
                                    /** @description relative reconstruction bias: γ = E‖x̂‖² / E(x · x̂); 1 means no shrinkage (Rajamanoharan et al. 2024) */
                                    reconstructionBias?: number | null;
                                    /** @description dead share: #{f : z_f = 0 on every measured token} / d_sae; depends on the number of tokens */
                                    deadShare?: number | null;
                                    /** @description By the training rule: a batch selected together. Absent where the two rules are the same */
                                    byTraining?: {
                                        /** @description L0: E #{f : z_f > 0} */
                                        l0?: number | null;
                                        /** @description explained variance: 1 − E‖x − x̂‖² / E‖x − Ex‖², about the mean of all measured tokens */
                                        explainedVariance?: number | null;
                                        /** @description fraction of variance unexplained: E‖x − x̂‖² / E‖x − Ex‖² = 1 − explained variance */
                                        nmse?: number | null;
                                        /** @description dead share: #{f : z_f = 0 on every measured token} / d_sae; depends on the number of tokens */
                                        deadShare?: number | null;
                                    };
                                };
                            };
                        }[];
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getRunsIdPicture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the run */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description On all held-out tokens; null before the end, for older runs, and if the harvest has no held-out tokens */
                        report: {
                            /** @description Held-out tokens, all of which were encoded */
                            tokens: number;
                            rules: {
                                /** @description Each token on its own */
                                inference: {
                                    /** @description Mean number of active latents per token */
                                    l0: number;
                                    /** @description Share of latents that fired on none of the tokens */
                                    deadShare: number;
                                };
                                /** @description Each batch together; null if this rule is the inference rule */
                                training: {
                                    /** @description Mean number of active latents per token */
                                    l0: number;
                                    /** @description Share of latents that fired on none of the tokens */
                                    deadShare: number;
                                } | null;
                            };
                            /** @description Share of all activity that goes to the 1% of latents that fire most */
                            topShare: number | null;
                            /** @description Up to 2,000 held-out tokens */
                            sample: {
                                /** @description L0 by the inference rule */
                                l0: number[];
                                /** @description ‖x‖ in raw units */
                                norm: number[];
                            };
                            /** @description Pearson’s r of L0 and norm over the sample; null where one does not vary */
                            l0NormCorrelation: number | null;
                            /** @description Null unless the dictionary ranks by gradients */
                            gradient: {
                                /** @description Tokens of the held-out batch that was counted; absent in older reports */
                                tokens?: number;
                                /** @description |selected with the gradient \ TopK| / k */
                                swapRate: number;
                                pairs: {
                                    /** @description In scaled units */
                                    activation: number[];
                                    /** @description |dLoss/dx · decoder row| */
                                    effect: number[];
                                    /** @description Whether only the gradient selected it */
                                    swapped: boolean[];
                                };
                            } | null;
                        } | null;
                        /** @description How often latents fire; null where nothing was counted */
                        density: {
                            /**
                             * @description Held-out tokens at the end of the run, or feature statistics
                             * @enum {string}
                             */
                            source: "run" | "features";
                            /** @description Tokens counted */
                            tokens: number;
                            /** @description All latents */
                            latents: number;
                            /** @description Latents that fire at least once */
                            live: number;
                            histogram: {
                                /** @description Bounds of the bins: log10 of the share of tokens */
                                edges: number[];
                                /** @description Live latents in each bin; the first one also holds rarer ones */
                                counts: number[];
                            };
                            /** @description Live latents, thinned to about 300, evenly on a logarithmic axis */
                            byRank: {
                                /** @description From 1, the densest */
                                rank: number[];
                                /** @description Share of tokens */
                                density: number[];
                            };
                            /** @description Zipf law by least squares in log density; null where there is too little to fit */
                            fit: {
                                /** @description s of scale · (rank + offset)^−s */
                                exponent: number;
                                /** @description Added to the rank */
                                offset: number;
                                /** @description Factor */
                                scale: number;
                                /** @description Share of the variance of log density that the law explains, on the ranks fitted */
                                r2: number;
                                /** @description Ranks fitted: the first 90% of the live features */
                                ranks: number;
                            } | null;
                            /** @description Why there is no fit, or why it says little; null for a reliable fit */
                            fitDoubt: string | null;
                        } | null;
                        /** @description Up to 2,000 held-out tokens of the newest evaluation of its dictionary */
                        tokens: {
                            /** @description Active latents */
                            l0: number[];
                            /** @description ‖x‖ in raw units */
                            norm: number[];
                            /** @description −log p of the next token by the untouched model, nats */
                            crossEntropy: number[];
                            /** @description Pearson’s r of L0 and cross-entropy; null where one does not vary */
                            l0CrossEntropyCorrelation: number | null;
                            /** @description Pearson’s r of L0 and norm; null where one does not vary */
                            l0NormCorrelation: number | null;
                            /** @description Library, device, instruction sets and threads that computed it */
                            engine: string;
                            /**
                             * Format: date-time
                             * @description When it was measured
                             */
                            measuredAt: string;
                        } | null;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSweeps: {
        parameters: {
            query?: {
                /** @description Highest number of sweeps in the answer */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Newest first */
                        sweeps: {
                            /** @description Id */
                            id: string;
                            /** @description Name; the names of its runs start with it */
                            name: string;
                            harvest: {
                                /** @description Id */
                                id: string;
                                /** @description Name */
                                name: string;
                                /** @description Where the activations were taken */
                                hook: string;
                                model: {
                                    /** @description Id */
                                    id: string;
                                    /** @description Name */
                                    name: string;
                                };
                            };
                            /** @description Kinds of sparse autoencoders in it */
                            architectures: string[];
                            runs: {
                                /** @description Runs in total */
                                all: number;
                                /** @description Runs that wait in the queue */
                                pending: number;
                                /** @description Runs that have started */
                                running: number;
                                /** @description Runs that are finished */
                                finished: number;
                                /** @description Runs that failed */
                                failed: number;
                                /** @description Runs that were cancelled */
                                cancelled: number;
                            };
                            steps: {
                                /** @description Steps done, over all runs */
                                done: number;
                                /** @description Steps in total, over all runs */
                                total: number;
                            };
                            /**
                             * Format: date-time
                             * @description When the sweep was created
                             */
                            createdAt: string;
                        }[];
                        /** @description Number of live workers; with 0, jobs wait */
                        workers: number;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSweeps: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Name or id of a finished harvest */
                    harvest: string;
                    /** @description Name of the sweep; the names of its runs start with it. Default: the harvest’s name, numbered */
                    name?: string;
                    /**
                     * @description What computes the steps
                     * @default auto
                     * @enum {string}
                     */
                    engine?: "auto" | "tensorflow" | "reference";
                    /**
                     * @description Settings that all runs share, for the architectures that take them
                     * @default {}
                     */
                    base?: {
                        [key: string]: unknown;
                    };
                    /** @description Lists of values by setting, "architecture" among them: every combination is a run. A setting reaches the architectures that take it; equal combinations are one run */
                    grid?: {
                        [key: string]: unknown[];
                    };
                    /** @description Instead of a grid: the settings of each run, which override those of "base" */
                    runs?: {
                        [key: string]: unknown;
                    }[];
                };
            };
        };
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        sweep: {
                            /** @description Id */
                            id: string;
                            /** @description Name */
                            name: string;
                        };
                        /** @description Its jobs that are now in the queue */
                        jobs: number;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSweepsPlan: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Name or id of a finished harvest */
                    harvest: string;
                    /** @description Name of the sweep; the names of its runs start with it. Default: the harvest’s name, numbered */
                    name?: string;
                    /**
                     * @description What computes the steps
                     * @default auto
                     * @enum {string}
                     */
                    engine?: "auto" | "tensorflow" | "reference";
                    /**
                     * @description Settings that all runs share, for the architectures that take them
                     * @default {}
                     */
                    base?: {
                        [key: string]: unknown;
                    };
                    /** @description Lists of values by setting, "architecture" among them: every combination is a run. A setting reaches the architectures that take it; equal combinations are one run */
                    grid?: {
                        [key: string]: unknown[];
                    };
                    /** @description Instead of a grid: the settings of each run, which override those of "base" */
                    runs?: {
                        [key: string]: unknown;
                    }[];
                };
            };
        };
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Name that the sweep would have */
                        name: string;
                        runs: {
                            /** @description The settings in which it differs from the other runs */
                            label: string;
                            /** @description Name of the run and of its dictionary */
                            name: string;
                            /** @description Steps in total */
                            steps: number;
                            /** @description Memory that the worker needs */
                            bytes: number;
                            /** @description On one worker, from the speed of similar earlier runs; null if there is no similar run */
                            seconds: number | null;
                        }[];
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSweepsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sweep, or its name (URL-encoded) */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        sweep: {
                            /** @description Id */
                            id: string;
                            /** @description Name; the names of its runs start with it */
                            name: string;
                            harvest: {
                                /** @description Id */
                                id: string;
                                /** @description Name */
                                name: string;
                                /** @description Where the activations were taken */
                                hook: string;
                                model: {
                                    /** @description Id */
                                    id: string;
                                    /** @description Name */
                                    name: string;
                                };
                            };
                            /** @description Kinds of sparse autoencoders in it */
                            architectures: string[];
                            runs: {
                                /** @description Runs in total */
                                all: number;
                                /** @description Runs that wait in the queue */
                                pending: number;
                                /** @description Runs that have started */
                                running: number;
                                /** @description Runs that are finished */
                                finished: number;
                                /** @description Runs that failed */
                                failed: number;
                                /** @description Runs that were cancelled */
                                cancelled: number;
                            };
                            steps: {
                                /** @description Steps done, over all runs */
                                done: number;
                                /** @description Steps in total, over all runs */
                                total: number;
                            };
                            /**
                             * Format: date-time
                             * @description When the sweep was created
                             */
                            createdAt: string;
                            /** @description Its specification */
                            spec: {
                                /**
                                 * @description Settings that all runs share, for the architectures that take them
                                 * @default {}
                                 */
                                base: {
                                    [key: string]: unknown;
                                };
                                /** @description Lists of values by setting, "architecture" among them: every combination is a run. A setting reaches the architectures that take it; equal combinations are one run */
                                grid?: {
                                    [key: string]: unknown[];
                                };
                                /** @description Instead of a grid: the settings of each run, which override those of "base" */
                                runs?: {
                                    [key: string]: unknown;
                                }[];
                            };
                            /** @description Settings in which the runs differ */
                            varied: string[];
                            /** @description Its runs, in its order */
                            members: {
                                /** @description Id */
                                id: string;
                                /** @description Name of the run, and of the dictionary it makes */
                                name: string;
                                harvest: {
                                    /** @description Id */
                                    id: string;
                                    /** @description Name */
                                    name: string;
                                    /** @description Where the activations were taken */
                                    hook: string;
                                    model: {
                                        /** @description Id */
                                        id: string;
                                        /** @description Name */
                                        name: string;
                                    };
                                };
                                /** @description Kind of sparse autoencoder */
                                architecture: string;
                                /** @description Seed */
                                seed: number;
                                /** @description Every setting, with the defaults filled in */
                                config: {
                                    /** @description Kind of sparse autoencoder */
                                    architecture: string;
                                    /** @description Width of the activations */
                                    d_in: number;
                                    /** @description Number of latents */
                                    d_sae: number;
                                    /** @description Training tokens in total */
                                    tokens: number;
                                    /** @description Tokens per step */
                                    batchSize: number;
                                } & {
                                    [key: string]: unknown;
                                };
                                /** @description What computes the steps; "auto" until a worker takes the run */
                                engine: string;
                                /** @description cpu or cuda; empty until a worker takes the run */
                                device: string;
                                /**
                                 * @description pending: in the queue; running: started; finished, failed and cancelled: ended
                                 * @enum {string}
                                 */
                                status: "pending" | "running" | "finished" | "failed" | "cancelled";
                                /** @description Steps done */
                                step: number;
                                /** @description Steps in total */
                                steps: number;
                                /** @description The newest figures; null before the first */
                                metrics: {
                                    /** @description Figures of one training batch */
                                    training?: {
                                        /** @description Loss of one batch, in scaled units */
                                        loss?: number | null;
                                        /** @description Parts of the loss, with their weights */
                                        parts?: {
                                            [key: string]: number | null;
                                        };
                                        /** @description Mean number of active latents per token */
                                        l0?: number | null;
                                        /** @description 1 − Σ‖x − x̂‖² / Σ‖x − mean x‖² over the batch */
                                        explainedVariance?: number | null;
                                        /** @description Latents that have not fired for deadAfterTokens tokens */
                                        deadLatents?: number | null;
                                        /** @description Latents that are not dead but fire less than tau times the density that a Zipf law expects at their rank */
                                        dyingLatents?: number | null;
                                        /** @description Norm of all gradients together, before clipping */
                                        gradientNorm?: number | null;
                                        /** @description Single numbers that the selection rule carries from step to step, e.g. its threshold; in scaled units */
                                        selection?: {
                                            [key: string]: number | null;
                                        };
                                        /** @description Single numbers that parts of the loss carry, e.g. a coefficient that is adapted */
                                        losses?: {
                                            [key: string]: number | null;
                                        };
                                        /** @description Learning rate of this step */
                                        learningRate?: number | null;
                                        /** @description Tokens per second since the previous record */
                                        tokensPerSecond?: number | null;
                                    };
                                    /** @description Figures of held-out tokens, by the inference rule: each token on its own */
                                    heldOut?: {
                                        /** @description tokens: tokens measured */
                                        tokens?: number | null;
                                        /** @description L0: E #{f : z_f > 0} */
                                        l0?: number | null;
                                        /** @description mean squared error: E ‖x − x̂‖² / d */
                                        mse?: number | null;
                                        /** @description explained variance: 1 − E‖x − x̂‖² / E‖x − Ex‖², about the mean of all measured tokens */
                                        explainedVariance?: number | null;
                                        /** @description fraction of variance unexplained: E‖x − x̂‖² / E‖x − Ex‖² = 1 − explained variance */
                                        nmse?: number | null;
                                        /** @description cosine: E (x · x̂) / (‖x‖ ‖x̂‖) */
                                        cosine?: number | null;
                                        /** @description L2 ratio: E ‖x̂‖ / ‖x‖; 1 means no shrinkage */
                                        l2Ratio?: number | null;
                                        /** @description relative reconstruction bias: γ = E‖x̂‖² / E(x · x̂); 1 means no shrinkage (Rajamanoharan et al. 2024) */
                                        reconstructionBias?: number | null;
                                        /** @description dead share: #{f : z_f = 0 on every measured token} / d_sae; depends on the number of tokens */
                                        deadShare?: number | null;
                                        /** @description By the training rule: a batch selected together. Absent where the two rules are the same */
                                        byTraining?: {
                                            /** @description L0: E #{f : z_f > 0} */
                                            l0?: number | null;
                                            /** @description explained variance: 1 − E‖x − x̂‖² / E‖x − Ex‖², about the mean of all measured tokens */
                                            explainedVariance?: number | null;
                                            /** @description fraction of variance unexplained: E‖x − x̂‖² / E‖x − Ex‖² = 1 − explained variance */
                                            nmse?: number | null;
                                            /** @description dead share: #{f : z_f = 0 on every measured token} / d_sae; depends on the number of tokens */
                                            deadShare?: number | null;
                                        };
                                    };
                                } | null;
                                /** @description Why it failed */
                                error: {
                                    /** @description Kind of error */
                                    code: string;
                                    /** @description What happened */
                                    message: string;
                                } | null;
                                /** @description Mean over the newest records; null before the first */
                                tokensPerSecond: number | null;
                                /** @description Null unless a live worker is training the run */
                                secondsLeft: number | null;
                                job: {
                                    /** @description Id of the job */
                                    id: string;
                                    /**
                                     * @description pending: in the queue; running: started; finished, failed and cancelled: ended
                                     * @enum {string}
                                     */
                                    status: "pending" | "running" | "finished" | "failed" | "cancelled";
                                    /** @description Whether a live worker computes a part of it */
                                    hasLiveWorker: boolean;
                                } | null;
                                /** @description The dictionary it made */
                                dictionary: {
                                    /** @description Id */
                                    id: string;
                                    /** @description Name */
                                    name: string;
                                } | null;
                                /** @description The sweep it is part of */
                                sweep: {
                                    /** @description Id */
                                    id: string;
                                    /** @description Name */
                                    name: string;
                                } | null;
                                /**
                                 * Format: date-time
                                 * @description When the run was created
                                 */
                                createdAt: string;
                                finishedAt: string | null;
                                /** @description The settings in which it differs from the other runs of the sweep */
                                label: string;
                                /** @description Its settings in the specification; the others are defaults */
                                settings: {
                                    [key: string]: unknown;
                                };
                                /** @description Null before the first were measured */
                                figures: {
                                    /**
                                     * @description The newest evaluation, else the figures that the run measured at its end, else ("training") its newest held-out figures: it is unfinished, failed or cancelled
                                     * @enum {string}
                                     */
                                    source: "evaluation" | "run" | "training";
                                    /** @description False where there are no held-out tokens: the figures are of training tokens then */
                                    heldOut: boolean;
                                    /** @description Where they were measured; null when it was deleted */
                                    harvest: {
                                        /** @description Id of the harvest */
                                        id: string;
                                        /** @description Name of the harvest */
                                        name: string;
                                    } | null;
                                    /** @description Tokens of L0 and of the dead share */
                                    tokens: number;
                                    /** @description Library, device, instruction sets and threads that computed them */
                                    engine: string;
                                    measuredAt: string | null;
                                    /** @description Mean number of active features per token */
                                    l0: number | null;
                                    /** @description 1 − E‖x − x̂‖² / E‖x − Ex‖²; a share */
                                    explainedVariance: number | null;
                                    /** @description Tokens of the explained variance: at the end of a run a sample of the held-out tokens */
                                    explainedVarianceTokens: number;
                                    /** @description Share of the features that were silent on all of these tokens */
                                    deadShare: number | null;
                                    /** @description Share of the model’s cross-entropy kept with x̂ in the place of x; only evaluations measure it */
                                    crossEntropyRecovered: number | null;
                                    /** @description Predictions of the cross-entropy */
                                    crossEntropyTokens: number | null;
                                } | null;
                            }[];
                        };
                        /** @description Number of live workers; with 0, jobs wait */
                        workers: number;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSweepsIdCancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sweep, or its name (URL-encoded) */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        sweep: {
                            /** @description Id */
                            id: string;
                            /** @description Name */
                            name: string;
                        };
                        /** @description Its jobs that are now in the queue */
                        jobs: number;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSweepsIdRetry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sweep, or its name (URL-encoded) */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        sweep: {
                            /** @description Id */
                            id: string;
                            /** @description Name */
                            name: string;
                        };
                        /** @description Its jobs that are now in the queue */
                        jobs: number;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postSweepsIdEvaluate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the sweep, or its name (URL-encoded) */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        sweep: {
                            /** @description Id */
                            id: string;
                            /** @description Name */
                            name: string;
                        };
                        /** @description Its jobs that are now in the queue */
                        jobs: number;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getArchitectures: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        architectures: {
                            /** @description As in "architecture" of a run */
                            name: string;
                            /** @description What it is */
                            description: string;
                            /** @description What the harvest must hold besides the activations */
                            needs: ("target" | "gradient")[];
                            /** @description What a step needs of memory, for estimates */
                            memory: {
                                /** @description Matrices of [batchSize, d_sae] that are alive at the peak of a step, the pre-activations among them */
                                matrices: number;
                                /** @description Bytes of a step for each selected activation. Absent: the matrices contain them */
                                entry?: number;
                                /** @description Matrices of [batchSize, d_in] in addition to the ten that every step has */
                                narrow?: number;
                                /** @description Trained vectors of [d_sae] in addition to b_enc */
                                vectors?: number;
                                /** @description Whether W_skip [d_out, d_in] is trained */
                                skip?: boolean;
                            };
                            /** @description JSON Schema of its settings, without the widths, which the harvest decides */
                            schema: {
                                /** @description Each setting: type, bounds, description, default */
                                properties: {
                                    [key: string]: {
                                        [key: string]: unknown;
                                    };
                                };
                                /** @description Settings without a default */
                                required: string[];
                            };
                        }[];
                        /** @description Settings of papers and libraries to start from */
                        presets: {
                            /** @description As in --preset of loupe train */
                            name: string;
                            /** @description Whose settings they are */
                            architecture: string;
                            /** @description Where the values come from */
                            source: string;
                            /** @description Values by setting; absent settings follow from the run, as without a preset */
                            settings: {
                                [key: string]: unknown;
                            };
                            /** @description Present if the learning rate falls with the square root of the width */
                            rateAtWidth?: {
                                /** @description Learning rate at that width */
                                learningRate: number;
                                /** @description The width: the learning rate is learningRate / √(d_sae of the run / this) */
                                d_sae: number;
                            };
                        }[];
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getHarvests: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Newest first */
                        harvests: {
                            /** @description Id */
                            id: string;
                            /** @description Name */
                            name: string;
                            model: {
                                /** @description Id */
                                id: string;
                                /** @description Name */
                                name: string;
                            };
                            corpus: {
                                /** @description Id */
                                id: string;
                                /** @description Name */
                                name: string;
                                /** @description Name or path, as it was typed */
                                source: string;
                                /** @description Number of documents; null until a worker has read the corpus */
                                documents: number | null;
                            };
                            /** @description Where the activations were taken */
                            hook: string;
                            /** @description Where targets of transcoders were taken; null without them */
                            targetHook: string | null;
                            /** @description Width of a target; null without them */
                            dOut: number | null;
                            /** @description Whether dLoss/dx is stored with every activation */
                            gradients: boolean;
                            /** @description How an activation is stored: f32 or bf16 */
                            dtype: string;
                            /** @description Tokens per context */
                            contextSize: number;
                            /** @description Width of an activation */
                            dIn: number;
                            /** @description Decides which documents are taken and which are held out */
                            seed: number;
                            /** @description Number of tokens requested */
                            tokensWanted: number;
                            /** @description Tokens without padding; null until planned */
                            tokens: number | null;
                            /** @description Shards that hold training documents; the others hold held-out ones; 0 until planned */
                            trainShards: number;
                            /** @description Number of shards; 0 until planned */
                            shards: number;
                            /** @description Median L2 norm of the counted activations; positions above ten times it are attention sinks */
                            medianNorm: number | null;
                            /** @description Number of excluded positions, by reason */
                            excluded: {
                                [key: string]: number;
                            } | null;
                            /** @description Library, device, instruction sets and threads that computed it; null until planned */
                            engine: string | null;
                            /**
                             * @description pending: in the queue; running: started; finished, failed and cancelled: ended
                             * @enum {string}
                             */
                            status: "pending" | "running" | "finished" | "failed" | "cancelled";
                            /** @description Number of runs trained on it */
                            runs: number;
                            job: {
                                /** @description Id of the job */
                                id: string;
                                /**
                                 * @description pending: in the queue; running: started; finished, failed and cancelled: ended
                                 * @enum {string}
                                 */
                                status: "pending" | "running" | "finished" | "failed" | "cancelled";
                                /** @description Whether a live worker computes a part of it */
                                hasLiveWorker: boolean;
                            } | null;
                            /**
                             * Format: date-time
                             * @description When it was requested
                             */
                            createdAt: string;
                            finishedAt: string | null;
                        }[];
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postHarvests: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Name of a model (loupe model list) */
                    model: string;
                    /** @description Where activations are taken, e.g. blocks.9.hook_resid_post */
                    hook: string;
                    /** @description Also store the values at this later hook, which transcoders reconstruct, e.g. blocks.9.hook_mlp_out. Default: none */
                    targetHook?: string;
                    /**
                     * @description Also store the gradient of the next-token loss at the hook, for gradient dictionaries
                     * @default false
                     */
                    gradients?: boolean;
                    /**
                     * @description The text that the model reads. Only the command line also accepts files
                     * @default sotu
                     * @enum {string}
                     */
                    corpus?: "sotu" | "brown";
                    /**
                     * @description Number of tokens, a fifth of them from held-out documents; 200k, 1M
                     * @default 200000
                     */
                    tokens?: number;
                    /**
                     * @description Tokens per context
                     * @default 128
                     */
                    contextSize?: number;
                    /**
                     * @description How an activation is stored
                     * @default f32
                     * @enum {string}
                     */
                    dtype?: "f32" | "bf16";
                    /**
                     * @description Decides which documents are held out and which intervals are taken
                     * @default 0
                     */
                    seed?: number;
                    /** @description Name of the harvest. Default: made from model, hook, corpus and size */
                    name?: string;
                };
            };
        };
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /**
                         * Format: uuid
                         * @description Id of the harvest
                         */
                        harvest: string;
                        /** @description Its name */
                        name: string;
                        /** @description Id of the job that computes it; null if the harvest is finished */
                        job: string | null;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getHarvestsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the harvest, or its name (URL-encoded) */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id */
                        id: string;
                        /** @description Name */
                        name: string;
                        model: {
                            /** @description Id */
                            id: string;
                            /** @description Name */
                            name: string;
                        };
                        corpus: {
                            /** @description Id */
                            id: string;
                            /** @description Name */
                            name: string;
                            /** @description Name or path, as it was typed */
                            source: string;
                            /** @description Number of documents; null until a worker has read the corpus */
                            documents: number | null;
                        };
                        /** @description Where the activations were taken */
                        hook: string;
                        /** @description Where targets of transcoders were taken; null without them */
                        targetHook: string | null;
                        /** @description Width of a target; null without them */
                        dOut: number | null;
                        /** @description Whether dLoss/dx is stored with every activation */
                        gradients: boolean;
                        /** @description How an activation is stored: f32 or bf16 */
                        dtype: string;
                        /** @description Tokens per context */
                        contextSize: number;
                        /** @description Width of an activation */
                        dIn: number;
                        /** @description Decides which documents are taken and which are held out */
                        seed: number;
                        /** @description Number of tokens requested */
                        tokensWanted: number;
                        /** @description Tokens without padding; null until planned */
                        tokens: number | null;
                        /** @description Shards that hold training documents; the others hold held-out ones; 0 until planned */
                        trainShards: number;
                        /** @description Number of shards; 0 until planned */
                        shards: number;
                        /** @description Median L2 norm of the counted activations; positions above ten times it are attention sinks */
                        medianNorm: number | null;
                        /** @description Number of excluded positions, by reason */
                        excluded: {
                            [key: string]: number;
                        } | null;
                        /** @description Library, device, instruction sets and threads that computed it; null until planned */
                        engine: string | null;
                        /**
                         * @description pending: in the queue; running: started; finished, failed and cancelled: ended
                         * @enum {string}
                         */
                        status: "pending" | "running" | "finished" | "failed" | "cancelled";
                        /** @description Number of runs trained on it */
                        runs: number;
                        job: {
                            /** @description Id of the job */
                            id: string;
                            /**
                             * @description pending: in the queue; running: started; finished, failed and cancelled: ended
                             * @enum {string}
                             */
                            status: "pending" | "running" | "finished" | "failed" | "cancelled";
                            /** @description Whether a live worker computes a part of it */
                            hasLiveWorker: boolean;
                        } | null;
                        /**
                         * Format: date-time
                         * @description When it was requested
                         */
                        createdAt: string;
                        finishedAt: string | null;
                        /** @description What it is made from; equal provenance means equal bytes */
                        provenance: {
                            /** @description name of the model */
                            model: string;
                            /** @description sha256 over the model’s weight files */
                            weightsHash: string;
                            /** @description sha256 of the tokenizer; null for a model without one */
                            tokenizerHash: string | null;
                            /** @description name of the corpus */
                            corpus: string;
                            /** @description sha256 over the documents; absent until the harvest is planned */
                            corpusHash?: string;
                            /** @description where the activations were taken, e.g. blocks.9.hook_resid_post */
                            hook: string;
                            /** @description width of an activation */
                            d_in: number;
                            /** @description where targets of transcoders were taken; absent without them */
                            targetHook?: string;
                            /** @description what the gradients of the activations are; absent without them */
                            gradients?: {
                                /**
                                 * @description what was differentiated
                                 * @constant
                                 */
                                of: "sum of next-token cross-entropy";
                                /**
                                 * @description over the predicted tokens of a context
                                 * @constant
                                 */
                                reduction: "sum";
                            };
                            /**
                             * @description how an activation is stored
                             * @enum {string}
                             */
                            dtype: "f32" | "bf16";
                            /** @description tokens per context */
                            contextSize: number;
                            /** @description number of tokens requested */
                            tokens: number;
                            /** @description decides which documents are taken and which are held out */
                            seed: number;
                            /** @description fingerprint of the engine that computes the harvest; absent until the harvest is planned */
                            engine?: string;
                            /** @description cpu or cuda; absent until the harvest is planned */
                            device?: string;
                        };
                        /** @description Size on disk */
                        bytes: number;
                        /** @description Runs trained on it, newest first; the limit is 100 */
                        runList: {
                            /** @description Id */
                            id: string;
                            /** @description Name */
                            name: string;
                            /**
                             * @description pending: in the queue; running: started; finished, failed and cancelled: ended
                             * @enum {string}
                             */
                            status: "pending" | "running" | "finished" | "failed" | "cancelled";
                            /**
                             * Format: date-time
                             * @description When it was requested
                             */
                            createdAt: string;
                        }[];
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getJobs: {
        parameters: {
            query?: {
                /** @description Most jobs to give */
                limit?: number;
                /** @description "next" of the page before */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Newest first */
                        jobs: {
                            /** @description Id */
                            id: string;
                            /** @description Kind of job, e.g. harvest or train */
                            kind: string;
                            /**
                             * @description pending: in the queue; running: started; finished, failed and cancelled: ended
                             * @enum {string}
                             */
                            status: "pending" | "running" | "finished" | "failed" | "cancelled";
                            /** @description Work done, in "unit" */
                            done: number;
                            /** @description All work, in "unit"; 0 until the job is planned */
                            total: number;
                            /** @description tokens or features */
                            unit: string;
                            parts: {
                                /** @description Finished parts */
                                done: number;
                                /** @description All parts */
                                total: number;
                            };
                            /** @description What it works on */
                            about: {
                                dictionary?: {
                                    /** @description Id */
                                    id: string;
                                    /** @description Name */
                                    name: string;
                                };
                                harvest?: {
                                    /** @description Id */
                                    id: string;
                                    /** @description Name */
                                    name: string;
                                };
                                run?: {
                                    /** @description Id */
                                    id: string;
                                    /** @description Name */
                                    name: string;
                                };
                            };
                            /** @description Library, device, instruction sets and threads of the worker that planned it */
                            engine: string | null;
                            /** @description Hash of the code that the job was queued for; null: the first worker to take the job sets it */
                            sourceHash: string | null;
                            /** @description Whether a live worker computes a part of it */
                            hasLiveWorker: boolean;
                            /** @description Whether workers are running, but none with the code that the job was queued for; a retry queues it again */
                            waitsForSameCode: boolean;
                            /** @description Units per second: over the last seconds while a client follows the job, otherwise since the start */
                            rate: number | null;
                            /** @description Estimated seconds left; null without a live worker */
                            secondsLeft: number | null;
                            /** @description Why it failed */
                            error: {
                                /** @description Kind of error */
                                code: string;
                                /** @description What happened */
                                message: string;
                                /** @description What to do about it */
                                remedy: string | null;
                            } | null;
                            /**
                             * Format: date-time
                             * @description When it was queued
                             */
                            createdAt: string;
                            startedAt: string | null;
                            finishedAt: string | null;
                        }[];
                        /** @description Value of "after" for the next page; null on the last page */
                        next: string | null;
                        /** @description Number of live workers; with 0, jobs wait */
                        workers: number;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getJobsId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the job */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        job: {
                            /** @description Id */
                            id: string;
                            /** @description Kind of job, e.g. harvest or train */
                            kind: string;
                            /**
                             * @description pending: in the queue; running: started; finished, failed and cancelled: ended
                             * @enum {string}
                             */
                            status: "pending" | "running" | "finished" | "failed" | "cancelled";
                            /** @description Work done, in "unit" */
                            done: number;
                            /** @description All work, in "unit"; 0 until the job is planned */
                            total: number;
                            /** @description tokens or features */
                            unit: string;
                            parts: {
                                /** @description Finished parts */
                                done: number;
                                /** @description All parts */
                                total: number;
                            };
                            /** @description What it works on */
                            about: {
                                dictionary?: {
                                    /** @description Id */
                                    id: string;
                                    /** @description Name */
                                    name: string;
                                };
                                harvest?: {
                                    /** @description Id */
                                    id: string;
                                    /** @description Name */
                                    name: string;
                                };
                                run?: {
                                    /** @description Id */
                                    id: string;
                                    /** @description Name */
                                    name: string;
                                };
                            };
                            /** @description Library, device, instruction sets and threads of the worker that planned it */
                            engine: string | null;
                            /** @description Hash of the code that the job was queued for; null: the first worker to take the job sets it */
                            sourceHash: string | null;
                            /** @description Whether a live worker computes a part of it */
                            hasLiveWorker: boolean;
                            /** @description Whether workers are running, but none with the code that the job was queued for; a retry queues it again */
                            waitsForSameCode: boolean;
                            /** @description Units per second: over the last seconds while a client follows the job, otherwise since the start */
                            rate: number | null;
                            /** @description Estimated seconds left; null without a live worker */
                            secondsLeft: number | null;
                            /** @description Why it failed */
                            error: {
                                /** @description Kind of error */
                                code: string;
                                /** @description What happened */
                                message: string;
                                /** @description What to do about it */
                                remedy: string | null;
                            } | null;
                            /**
                             * Format: date-time
                             * @description When it was queued
                             */
                            createdAt: string;
                            startedAt: string | null;
                            finishedAt: string | null;
                            /** @description What the job is asked to do */
                            spec: {
                                [key: string]: unknown;
                            };
                            /** @description What the job returned; null until it finishes */
                            result: {
                                [key: string]: unknown;
                            } | null;
                            /** @description Workers that compute a part of it now */
                            workers: {
                                /** @description Id of the worker */
                                id: string;
                                /** @description Machine */
                                host: string;
                                /** @description Process */
                                pid: number;
                                /** @description Library, device, instruction sets and threads */
                                engine: string;
                                /** @description Part that it computes, from 0 */
                                part: number;
                            }[];
                            /** @description States of all parts in order; equal neighbours are merged */
                            intervals: {
                                /**
                                 * @description pending: in the queue; running: started; finished, failed and cancelled: ended
                                 * @enum {string}
                                 */
                                status: "pending" | "running" | "finished" | "failed" | "cancelled";
                                /** @description Consecutive parts in this state */
                                parts: number;
                            }[];
                        };
                        /** @description Number of live workers; with 0, jobs wait */
                        workers: number;
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getJobsIdLog: {
        parameters: {
            query?: {
                /** @description Id of the last line seen */
                after?: number;
                /** @description Most lines to give */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Id of the job */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Oldest first */
                        lines: {
                            /** @description Ascending, in the order of writing */
                            id: number;
                            /**
                             * Format: date-time
                             * @description When it happened
                             */
                            at: string;
                            /**
                             * @description How serious it is
                             * @enum {string}
                             */
                            level: "info" | "warning" | "error";
                            /** @description What happened */
                            text: string;
                        }[];
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postJobsIdCancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the job */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id of the job */
                        id: string;
                        /**
                         * @description pending: in the queue; running: started; finished, failed and cancelled: ended
                         * @enum {string}
                         */
                        status: "pending" | "running" | "finished" | "failed" | "cancelled";
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postJobsIdRetry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the job */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Id of the job */
                        id: string;
                        /**
                         * @description pending: in the queue; running: started; finished, failed and cancelled: ended
                         * @enum {string}
                         */
                        status: "pending" | "running" | "finished" | "failed" | "cancelled";
                    };
                };
            };
            /** @description What is wrong and what to do about it */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
}
