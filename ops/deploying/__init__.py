"""What `ops deploy` does: a package and a stage file become a CloudFormation stack, by a change set shown before."""
