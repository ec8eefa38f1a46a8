using System.Globalization;
using System.Runtime.CompilerServices;

namespace OrleansCache.Configuration;

/// <summary>
/// Collects what is wrong with settings: one line for each problem, with the setting's full name, its value and what it must be. A
/// setting's name comes from the expression that reads it: <c>options.Leases.Drift</c> is <c>OrleansCache:Leases:Drift</c>. Data
/// annotations cannot do this: a range's message has no place for the value, and names the property without its section.
/// </summary>
internal sealed class SettingRules
{
    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Requires a value from a range, ends included.</summary>
    public void Range<T>(T value, T least, T most, [CallerArgumentExpression(nameof(value))] string setting = "")
        where T : IComparable<T> =>
        Check(value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0, value, Text($"from {least} to {most}"), setting);

    /// <summary>Requires a value that is at least another one.</summary>
    public void AtLeast<T>(T value, T least, [CallerArgumentExpression(nameof(value))] string setting = "")
        where T : IComparable<T> =>
        Check(value.CompareTo(least) >= 0, value, Text($"at least {least}"), setting);

    /// <summary>Requires that a rule holds.</summary>
    /// <param name="holds">Whether it does.</param>
    /// <param name="value">The setting's value.</param>
    /// <param name="rule">What the value must be.</param>
    /// <param name="setting">The setting's name below the section, or an expression that reads it from the section's options.</param>
    public void Check(bool holds, object? value, string rule, [CallerArgumentExpression(nameof(value))] string setting = "")
    {
        if (!holds)
            _problems.Add(Text($"{NameOf(setting)} is {(value is null or "" ? "not set" : value)}; it must be {rule}."));
    }

    /// <summary>Requires that a check does not throw; the exception's message says what is wrong.</summary>
    public void Try(string setting, Action check)
    {
        try
        {
            check();
        }
        catch (Exception error) when (error is InvalidTopologyException or ArgumentException)
        {
            _problems.Add($"{NameOf(setting)}: {error.Message}");
        }
    }

    /// <summary>Adds problems that were found elsewhere.</summary>
    public void AddRange(IEnumerable<string> problems) => _problems.AddRange(problems);

    private static string NameOf(string setting) => $"{CacheOptions.Section}:{setting.Replace("options.", "").Replace('.', ':')}";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
