using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace OrleansCache.Http;

/// <summary>Describes endpoints for the OpenAPI document. They read requests themselves, so it says what their parameters are.</summary>
internal static class Description
{
    /// <summary>Adds the document, which <c>/openapi/v1.json</c> answers.</summary>
    public static void AddDocument(IServiceCollection services) => services.AddOpenApi("v1", document =>
    {
        document.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        document.ShouldInclude = description =>
            description.RelativePath is { } path && (path.StartsWith("v1/", StringComparison.Ordinal)
                || path.StartsWith("health/", StringComparison.Ordinal));
        document.AddDocumentTransformer((api, _, _) =>
        {
            api.Info = new()
            {
                Title = "OrleansCache",
                Version = "v1",
                Description = "A region-aware distributed cache of books. Every error is a problem document (RFC 9457).",
            };
            // The document is the same wherever it is asked for.
            api.Servers = [];
            api.Components ??= new();
            api.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-Api-Key" },
                ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" },
            };
            return Task.CompletedTask;
        });
    });

    /// <summary>Names an endpoint.</summary>
    public static RouteHandler Describe(this IEndpointConventionBuilder route, string id, string summary, string tag)
    {
        route.WithMetadata(
            new EndpointNameMetadata(id), new EndpointSummaryAttribute(summary), new TagsAttribute(tag),
            typeof(Description).GetMethod(nameof(Described))!);
        return new(route);
    }

    // Stands for the handlers of all endpoints: without a method an endpoint is not in the document, and what is written about the method
    // would be, for every endpoint.
    public static Task Described(HttpContext context) => Task.CompletedTask;

    /// <summary>An endpoint that is being described.</summary>
    internal sealed class RouteHandler(IEndpointConventionBuilder route)
    {
        /// <summary>The policy that a caller must meet.</summary>
        public RouteHandler For(string policy)
        {
            route.RequireAuthorization(policy);
            route.AddOpenApiOperationTransformer((operation, _, _) =>
            {
                operation.Description = $"Needs the role {policy}, where callers need credentials.";
                return Task.CompletedTask;
            });
            return this;
        }

        /// <summary>The group whose limit holds for it.</summary>
        public RouteHandler In(LoadGroup group)
        {
            route.WithMetadata(new LoadLimits.Limit(group));
            return this;
        }

        /// <summary>A part of the path.</summary>
        public RouteHandler Path(string name, string description) => With(name, ParameterLocation.Path, description, JsonSchemaType.String);

        /// <summary>A parameter of the query.</summary>
        public RouteHandler Query(string name, string description, JsonSchemaType type = JsonSchemaType.String) =>
            With(name, ParameterLocation.Query, description, type);

        /// <summary>A header.</summary>
        public RouteHandler Header(string name, string description) =>
            With(name, ParameterLocation.Header, description, JsonSchemaType.String);

        /// <summary>The body that it needs.</summary>
        public RouteHandler Takes<T>()
        {
            route.WithMetadata(new AcceptsMetadata([JsonBody.ContentType], typeof(T)));
            return this;
        }

        /// <summary>An answer with a document.</summary>
        public RouteHandler Answers<T>(int status, string description)
        {
            route.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(T), [JsonBody.ContentType]));
            return Described(status, description);
        }

        /// <summary>An answer without a body.</summary>
        public RouteHandler Answers(int status, string description)
        {
            route.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(void), []));
            return Described(status, description);
        }

        /// <summary>The errors that it may answer.</summary>
        public RouteHandler Fails(params int[] statuses)
        {
            foreach (var status in statuses)
                route.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(Problem), [Problems.ContentType]));
            return this;
        }

        private RouteHandler With(string name, ParameterLocation place, string description, JsonSchemaType type)
        {
            route.AddOpenApiOperationTransformer((operation, _, _) =>
            {
                (operation.Parameters ??= []).Add(new OpenApiParameter
                {
                    Name = name,
                    In = place,
                    Description = description,
                    Required = place is ParameterLocation.Path,
                    Schema = new OpenApiSchema { Type = type },
                });
                return Task.CompletedTask;
            });
            return this;
        }

        private RouteHandler Described(int status, string description)
        {
            route.AddOpenApiOperationTransformer((operation, _, _) =>
            {
                if (operation.Responses?.TryGetValue($"{status}", out var response) is true && response is OpenApiResponse known)
                    known.Description = description;
                return Task.CompletedTask;
            });
            return this;
        }
    }
}
