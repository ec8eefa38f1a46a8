using System.Security.Cryptography;
using System.Text;
using Orleans.Runtime;

namespace OrleansCache;

/// <summary>
/// The secret that a client shows when it changes nodes or purges, where the silos ask for one. It travels with the call, so the connection
/// should be encrypted.
/// </summary>
public static class OperatorToken
{
    /// <summary>The fewest characters of a token.</summary>
    public const int MinLength = 16;

    private const string Name = "orleanscache.operator";

    /// <summary>Whether a text can be a token; an empty one is none.</summary>
    public static bool IsValid(string? token) => token is "" or { Length: >= MinLength };

    /// <summary>Has the calls that this flow of control makes show a token, until the result is disposed of.</summary>
    internal static IDisposable? Show(string token)
    {
        if (token.Length == 0)
            return null;
        RequestContext.Set(Name, token);
        return new Shown();
    }

    /// <summary>Whether the current call shows a token. Takes the same time for every wrong one of a length.</summary>
    internal static bool IsShown(string token) =>
        RequestContext.Get(Name) is string shown
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown), Encoding.UTF8.GetBytes(token));

    private sealed class Shown : IDisposable
    {
        public void Dispose() => RequestContext.Remove(Name);
    }
}
