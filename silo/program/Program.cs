namespace OrleansCache.Silo;

// A class in a namespace: the tests' programs reference this assembly and have an entry point of their own.
internal static class Program
{
    private static Task<int> Main(string[] args)
    {
        // The log goes there, too.
        Console.SetError(new PlainWriter(Console.Error));
        return new Startup.SiloProgram(Console.Out, Console.Error).RunAsync(args);
    }
}
