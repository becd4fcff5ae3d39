module-guard = Gardien
