using OrleansCache.Cli;
using OrleansCache.Cli.Cluster;

var terminal = Terminal.OfThisProcess();
return args is [ClusterCommand.Word, .. var words]
    ? await new ClusterProgram(terminal).RunAsync(words).ConfigureAwait(false)
    : await new ConsoleProgram(terminal).RunAsync(args).ConfigureAwait(false);
