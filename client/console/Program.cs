using OrleansCache.Cli;

return await new ConsoleProgram(Terminal.OfThisProcess()).RunAsync(args).ConfigureAwait(false);
