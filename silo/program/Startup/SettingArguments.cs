using OrleansCache.Configuration;

namespace OrleansCache.Silo.Startup;

/// <summary>Takes the arguments that are settings, such as <c>--OrleansCache:Home=europe</c>, from those that are options.</summary>
internal static class SettingArguments
{
    private const string Prefix = $"--{CacheSettings.Section}:";
    private const string Logging = "--Logging:";

    public static (IReadOnlyList<string> Settings, IReadOnlyList<string> Words) Split(IReadOnlyList<string> args)
    {
        var (settings, words) = (new List<string>(), new List<string>());
        for (var i = 0; i < args.Count; i++)
        {
            if (!IsSetting(args[i]))
                words.Add(args[i]);
            else if (args[i].Contains('=') || i + 1 == args.Count)
                settings.Add(args[i]);
            else
                settings.AddRange([args[i], args[++i]]);
        }

        return (settings, words);
    }

    private static bool IsSetting(string word) =>
        word.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || word.StartsWith(Logging, StringComparison.OrdinalIgnoreCase);
}
