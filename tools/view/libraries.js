// What the interactive view takes from other people's libraries; build.mjs bundles it.
import Graph from "graphology";
import Sigma from "sigma";
import { EdgeLineProgram, EdgeRectangleProgram, NodeCircleProgram } from "sigma/rendering";

globalThis.libraries = {
  Graph,
  Sigma,
  EdgeLineProgram,
  EdgeRectangleProgram,
  NodeCircleProgram,
};
