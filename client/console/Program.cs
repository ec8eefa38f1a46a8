using OrleansCache;
using OrleansCache.Cli;
using OrleansCache.Cli.Cluster;

var terminal = Terminal.OfThisProcess();
// The log of --log goes there; what the console itself writes is plain already, and has its colours.
Console.SetError(new PlainWriter(Console.Error));
return args switch
{
    [ClusterCommand.Word, .. var words] => await new ClusterProgram(terminal).RunAsync(words).ConfigureAwait(false),
    [TrafficProgram.Word, var folder, var region, var perSecond] =>
        await TrafficProgram.RunAsync(folder, region, perSecond).ConfigureAwait(false),
    _ => await new ConsoleProgram(terminal).RunAsync(args).ConfigureAwait(false),
};
