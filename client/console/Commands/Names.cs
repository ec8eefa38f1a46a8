namespace OrleansCache.Cli.Commands;

/// <summary>What arguments and options are called; completion goes by these names.</summary>
internal static class Names
{
    public const string Region = "REGION";
    public const string Key = "KEY";
    public const string Node = "NODE";
    public const string File = "FILE";
    public const string Command = "COMMAND";
}
