module-intranet = Intranet
