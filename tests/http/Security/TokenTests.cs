using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OrleansCache.Http.Tests.Servers;
using OrleansCache.LocalClusters;

namespace OrleansCache.Http.Tests.Security;

/// <summary>Callers with tokens of an issuer, beside one with a key.</summary>
public sealed class TokenTests : IAsyncLifetime, IDisposable
{
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly RSA _foreign = RSA.Create(2048);
    private readonly string _issuer = $"http://127.0.0.1:{FreePort.Find()}";
    private WebApplication _provider = null!;
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, new Uri(_issuer).Port));
        _provider = builder.Build();
        _provider.UseRouting();
        var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new(_rsa.ExportParameters(false)));
        _provider.MapGet("/.well-known/openid-configuration", context =>
            context.Response.WriteAsync($$"""{"issuer":"{{_issuer}}","jwks_uri":"{{_issuer}}/keys"}"""));
        _provider.MapGet("/keys", context =>
            context.Response.WriteAsync($$"""{"keys":[{"kty":"RSA","use":"sig","n":"{{key.N}}","e":"{{key.E}}"}]}"""));
        await _provider.StartAsync();
        var options = new HttpOptions { Authority = _issuer };
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("a-key")));
        options.ApiKeys.Add(new() { Id = "key", Hash = hash, Role = "read" });
        _server = await TestServer.StartAsync(options, books: new StandIn());
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _provider.DisposeAsync();
    }

    public void Dispose()
    {
        _rsa.Dispose();
        _foreign.Dispose();
    }

    [Theory]
    [InlineData("scope", "orleanscache.read", 403)]
    [InlineData("scope", "openid orleanscache.edit", 200)]
    [InlineData("scp", "orleanscache.operate", 200)]
    [InlineData("roles", "orleanscache.edit", 200)]
    [InlineData("roles", "edit", 403)]
    [InlineData("role", "edit", 403)]
    [InlineData("sub", "orleanscache.edit", 403)]
    public async Task The_scopes_of_a_token_say_what_its_bearer_may_do(string claim, string value, int status) =>
        Assert.Equal(status, await StatusAsync(Token(claim, value)));

    [Fact]
    public async Task A_token_of_somebody_else_for_somebody_else_or_of_yesterday_is_none()
    {
        Assert.Equal(401, await StatusAsync(Token("scope", "orleanscache.edit", key: _foreign)));
        Assert.Equal(401, await StatusAsync(Token("scope", "orleanscache.edit", audience: "others")));
        Assert.Equal(401, await StatusAsync(Token("scope", "orleanscache.edit", issuer: "http://127.0.0.1:1")));
        Assert.Equal(401, await StatusAsync(Token("scope", "orleanscache.edit", lasts: TimeSpan.FromDays(-1))));
        Assert.Equal(401, await StatusAsync("a.b.c"));
    }

    [Fact]
    public async Task A_key_goes_beside_tokens()
    {
        Assert.Equal(403, await StatusAsync("a-key"));
        Assert.Equal(401, await StatusAsync("another-key"));
    }

    private async Task<int> StatusAsync(string token) =>
        (int)(await _server.SendAsync("PUT", "/v1/books/a", """{"title":"A"}""", $"Authorization: Bearer {token}")).StatusCode;

    private string Token(
        string claim, string value, RSA? key = null, string audience = "orleanscache", string? issuer = null, TimeSpan? lasts = null)
    {
        var ends = DateTime.UtcNow + (lasts ?? TimeSpan.FromHours(1));
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? _issuer,
            Audience = audience,
            IssuedAt = ends - TimeSpan.FromHours(2),
            NotBefore = ends - TimeSpan.FromHours(2),
            Expires = ends,
            Claims = new Dictionary<string, object> { [claim] = value },
            SigningCredentials = new(new RsaSecurityKey(key ?? _rsa), SecurityAlgorithms.RsaSha256),
        });
    }
}
