/** Made by `npm run generate` from the routes of lib/api; do not edit. */
export interface paths {
    "/api/v1/dictionaries/{id}/features": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List features, sorted and filtered, page by page
         * @description Pages are continued by key: what is added or changed in between shifts nothing.
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
         * Everything known of one feature
         * @description Examples come as windows around the token they stand for, or with all that is stored of their context.
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
         * @description Best first: the very text, then without regard to case and a leading space, beginnings, parts.
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
        /** Everything a feature has been called */
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
         * Label a feature, or take its label away
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
    "/api/v1/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which processes are at work */
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
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Error: {
            error: {
                /** @description One of bad-usage, bad-input, forbidden, not-found, wrong-method, conflict, mismatch, too-large, unsupported, cancelled, unavailable, timeout, disk-full, internal */
                code: string;
                /** @description What was found and what was expected */
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
    getDictionariesIdFeatures: {
        parameters: {
            query?: {
                /** @description index, density, max (largest activation), mean (activation over firings), label (unlabelled last), match (only with token) */
                sort?: "index" | "density" | "max" | "mean" | "label" | "match";
                /** @description asc or desc */
                order?: "asc" | "desc";
                /** @description cursor of the page before: its "next" */
                after?: string;
                /** @description text contained in the label, without regard to case */
                label?: string;
                /** @description features of a page */
                limit?: number;
                /** @description smallest share of tokens on which the feature fires */
                minDensity?: number;
                /** @description largest share of tokens on which the feature fires */
                maxDensity?: number;
                /** @description smallest largest activation */
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
                            /** @description Tokens it fires on most strongly, at most five */
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
                                /** @description Who said so */
                                author: string;
                                /**
                                 * Format: date-time
                                 * @description When
                                 */
                                createdAt: string;
                            } | null;
                            /** @description With token or tokenText: largest mean activation on one of these tokens */
                            match?: number;
                        }[];
                        /** @description Give it as "after" for the next page; null on the last one */
                        next: string | null;
                        /** @description Features that fit; with a filter, at most 10 000 are counted */
                        total: number;
                        /** @description False where there are more than were counted */
                        totalIsExact: boolean;
                    };
                };
            };
            /** @description What went wrong and what to do */
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
            /** @description What went wrong and what to do */
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
                /** @description Most examples of each group */
                examples?: number;
                /** @description Give each example with 128 tokens before and after */
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
                            id: string;
                            name: string;
                        };
                        label: {
                            /** @description What the feature is called; in a history, an empty text stands for a removal */
                            text: string;
                            /** @description Who said so */
                            author: string;
                            /**
                             * Format: date-time
                             * @description When
                             */
                            createdAt: string;
                        } | null;
                        /** @description Newest first */
                        labelHistory: {
                            /** @description What the feature is called; in a history, an empty text stands for a removal */
                            text: string;
                            /** @description Who said so */
                            author: string;
                            /**
                             * Format: date-time
                             * @description When
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
                                /** @description Position of the first token given */
                                start: number;
                                tokens: {
                                    /** @description Token id */
                                    id: number;
                                    /** @description The token as it appears in running text */
                                    text: string;
                                    /** @description Activation at this token; 0 where it is silent */
                                    value: number;
                                }[];
                                /** @description Whether the context has more before */
                                before: boolean;
                                /** @description Whether the context has more after */
                                after: boolean;
                            }[];
                            intervals: {
                                /** @description Share of its own activations */
                                from: number;
                                /** @description Share of its own activations */
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
                                    /** @description Position of the first token given */
                                    start: number;
                                    tokens: {
                                        /** @description Token id */
                                        id: number;
                                        /** @description The token as it appears in running text */
                                        text: string;
                                        /** @description Activation at this token; 0 where it is silent */
                                        value: number;
                                    }[];
                                    /** @description Whether the context has more before */
                                    before: boolean;
                                    /** @description Whether the context has more after */
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
                                /** @description Position of the first token given */
                                start: number;
                                tokens: {
                                    /** @description Token id */
                                    id: number;
                                    /** @description The token as it appears in running text */
                                    text: string;
                                    /** @description Activation at this token; 0 where it is silent */
                                    value: number;
                                }[];
                                /** @description Whether the context has more before */
                                before: boolean;
                                /** @description Whether the context has more after */
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
                            density: number | null;
                            label: {
                                /** @description What the feature is called; in a history, an empty text stands for a removal */
                                text: string;
                                /** @description Who said so */
                                author: string;
                                /**
                                 * Format: date-time
                                 * @description When
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
            /** @description What went wrong and what to do */
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
            query: {
                /** @description Text of the token, or a part of it; spaces count */
                text: string;
                /** @description Most tokens to give */
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
            /** @description What went wrong and what to do */
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
                /** @description Most features to give */
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
                                /** @description Who said so */
                                author: string;
                                /**
                                 * Format: date-time
                                 * @description When
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
            /** @description What went wrong and what to do */
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
                            /** @description Who said so */
                            author: string;
                            /**
                             * Format: date-time
                             * @description When
                             */
                            createdAt: string;
                        }[];
                    };
                };
            };
            /** @description What went wrong and what to do */
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
                    /** @description One line of at most 500 characters; empty to remove the label */
                    text: string;
                    /**
                     * @description Who says so; at most 120 characters
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
                        /** @description The label it has now */
                        label: {
                            /** @description What the feature is called; in a history, an empty text stands for a removal */
                            text: string;
                            /** @description Who said so */
                            author: string;
                            /**
                             * Format: date-time
                             * @description When
                             */
                            createdAt: string;
                        } | null;
                    };
                };
            };
            /** @description What went wrong and what to do */
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
                        /** @description Of Loupe */
                        version: string;
                        /** @description The process that encodes and steers; null while it does not answer */
                        compute: {
                            /** @description Library, device, instruction sets and threads that compute */
                            engine: string;
                            /** @description Generations at work */
                            active: number;
                            /** @description Requests in the queue */
                            waiting: number;
                        } | null;
                        /** @description Processes that take part in jobs */
                        workers: number;
                    };
                };
            };
            /** @description What went wrong and what to do */
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
            /** @description What went wrong and what to do */
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
