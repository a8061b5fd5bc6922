package figures

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/miict/immerse/shared/figures"
	"github.com/miict/immerse/shared/locale"
)

// Licence is that of the figures: everybody may do everything with them.
const Licence = "https://creativecommons.org/publicdomain/zero/1.0/"

// schema says what the JSON is; a test holds the answers to it.
//
//go:embed schema.json
var schema []byte

// document is the whole of what is published.
type document struct {
	Title       string            `json:"title"`
	Country     string            `json:"country"` // ISO 3166-1 alpha-2
	Licence     string            `json:"licence"`
	Schema      string            `json:"schema"`
	Page        string            `json:"page"`
	K           int               `json:"k"`
	Definitions map[string]string `json:"definitions"`
	Periods     []figures.Release `json:"periods"`
}

func (h *Handler) json(releases []figures.Release) response {
	say := locale.For(locale.Default)
	made := document{
		Title: say.T("figures.title") + " – " + h.Pack.NameIn(locale.Default), Country: h.Pack.Code, Licence: Licence,
		Schema: h.BaseURL + dataPath + "?format=schema", Page: h.BaseURL + pagePath, K: figures.K,
		Definitions: map[string]string{
			"suppression": say.T("figures.privacy.text", "k", figures.K), "period": say.T("figures.once"),
			"region": say.T("figures.note.region"), "need": say.T("figures.note.need"), "case": say.T("figures.note.case"),
		},
		Periods: releases,
	}
	for _, measure := range figures.Measures {
		made.Definitions[string(measure)] = say.Code("figures.about", string(measure))
	}
	body, err := json.Marshal(made)
	if err != nil {
		panic(fmt.Errorf("marshalling figures: %w", err)) // ours, and always the same shape
	}
	return data("application/json", body)
}

// csv gives every number as a line (figures.WriteCSV).
func (h *Handler) csv(releases []figures.Release) response {
	var body bytes.Buffer
	_ = figures.WriteCSV(&body, releases) // into memory
	answer := data("text/csv; charset=utf-8; header=present", body.Bytes())
	answer.headers["Content-Disposition"] = `attachment; filename="immerse-` + strings.ToLower(h.Pack.Code) + `-figures.csv"`
	return answer
}
