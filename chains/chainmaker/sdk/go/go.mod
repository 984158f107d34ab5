module chainmaker.org/chainmaker

go 1.24
