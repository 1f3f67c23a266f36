package main

import "github.com/spf13/cobra"

func compareCommand(a *app) *cobra.Command { return &cobra.Command{Use: "compare NAME1 NAME2"} }
