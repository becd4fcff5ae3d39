module-guard = Guard
