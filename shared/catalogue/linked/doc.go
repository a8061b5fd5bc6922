// Package linked writes services and organizations as linked data (JSON-LD), for the catalogues that Europe's public
// administrations harvest (CPSV-AP 3.2) and for search engines (schema.org GovernmentService).
//
// Eligibility becomes Requirements in the words of the locale files, in every language of the site. CPSV-AP asks for all
// requirements that a service holds, and ours are alternatives: several clauses are therefore one requirement, that one of
// them is met, which has the clauses below it. Nobody may read that all of them must hold.
//
// Contexts stand in the documents, so that reading one fetches nothing.
package linked
