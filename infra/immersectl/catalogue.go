package main

import "github.com/spf13/cobra"

func newCatalogue(o *options) *cobra.Command {
	group := &cobra.Command{Use: "catalogue", Short: "Check, read and write catalogues"}
	group.AddCommand(newValidate(o), newImport(o), newExport(o))
	return group
}
