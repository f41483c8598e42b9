"""Pages of the gateway and the files behind them, which set-up bundles from npm packages."""
