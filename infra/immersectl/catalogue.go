package main

import "github.com/spf13/cobra"

func newCatalogue(o *options) *cobra.Command {
	group := &cobra.Command{Use: "catalogue", Short: "Check, read, write and publish catalogues"}
	group.AddCommand(newValidate(o), newImport(o), newExport(o), newPublish(o), newAnnounce(o), newVersions(o), newRollback(o), newDownload(o))
	return group
}
