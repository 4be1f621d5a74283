"""HOW: reads Visma.net, moves changes to monday.com boards, and shows people what happened."""
