using System.Text.RegularExpressions;

namespace OrleansCache;

/// <summary>
/// A secret by the place where it is, in a setting or a connection string: <c>${env:NAME}</c> for a variable of the process's environment,
/// <c>${file:PATH}</c> for the content of a file. What is kept and shown is the reference; the secret is read when it is used, so that the
/// one in a file may be changed while the process runs.
/// </summary>
public sealed partial record SecretReference
{
    private readonly bool _isFile;
    private readonly string _place;

    private SecretReference(bool isFile, string place) => (_isFile, _place) = (isFile, place);

    /// <summary>The reference that a text is; null when it is none.</summary>
    public static SecretReference? In(string? text) => text is not null && Whole().Match(text) is { Success: true } match
        ? new(match.Groups[1].Value == "file", match.Groups[2].Value)
        : null;

    /// <summary>A text with the secrets in place of the references in it.</summary>
    /// <exception cref="InvalidTopologyException">A secret cannot be read.</exception>
    public static string Expand(string text) => Anywhere().Replace(text, match => In(match.Value)!.Read());

    /// <summary>Reads the secret, without white space around it.</summary>
    /// <exception cref="InvalidTopologyException">It cannot be read; the message names the place.</exception>
    public string Read()
    {
        if (!_isFile)
        {
            return Environment.GetEnvironmentVariable(_place) is { Length: > 0 } value
                ? value
                : throw new InvalidTopologyException($"The secret {this} is not there: the environment has no variable {_place}; set it.");
        }

        try
        {
            return File.ReadAllText(_place).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidTopologyException($"The secret {this} cannot be read: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"${{{(_isFile ? "file" : "env")}:{_place}}}";

    [GeneratedRegex(@"^\$\{(env|file):([^{},]+)\}$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"\$\{(env|file):([^{},]+)\}")]
    private static partial Regex Anywhere();
}
