using System.Reflection;

namespace OrleansCache.Cli.Sessions;

/// <summary>The versions of this program and of the Orleans that it was built with.</summary>
internal static class ProgramVersion
{
    /// <summary>The program's version.</summary>
    public static string Current { get; } = Of(typeof(ProgramVersion).Assembly);

    /// <summary>Both versions, for the first line that a session prints.</summary>
    public static string Description { get; } = $"orleanscache {Current} on Microsoft Orleans {Of(typeof(IGrain).Assembly)}";

    private static string Of(Assembly assembly)
    {
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        // What follows the number names the commit: after a plus sign, or in Orleans' own packages after a full stop and a blank.
        return version.Split('+', ' ')[0].TrimEnd('.');
    }
}
