namespace OrleansCache.Silo;

// A class of its own namespace: programs that use this one as a library have an entry point themselves.
internal static class Program
{
    private static Task<int> Main(string[] args) => new Startup.SiloCommand(Console.Out, Console.Error).RunAsync(args);
}
